package io.ledgerconnect.sink.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.postgresql.copy.CopyIn;

/** One transaction in the reporting store; {@link #close()} without {@link #commit()} takes everything back. */
public final class Transaction implements AutoCloseable {
    private final Connection connection;
    private final Session session;
    private final Set<String> newTemporaryTables = new HashSet<>();
    /** Filled in this transaction; they are emptied by its end. */
    private final Set<String> usedTemporaryTables = new HashSet<>();

    private boolean open = true;
    private long copyNanos;

    Transaction(Connection connection, Session session) {
        this.connection = connection;
        this.session = session;
    }

    public Connection connection() {
        return connection;
    }

    public PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /** Runs a statement that is planned anew each time, since the size of what it reads differs from batch to batch. */
    public int execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** The answer of a query for one boolean. */
    public boolean isTrue(String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Whether there is a table of this name, which is quoted. */
    public boolean hasTable(String name) throws SQLException {
        return isTrue("SELECT pg_catalog.to_regclass(?) IS NOT NULL", name);
    }

    /** Whether the database's encoding has every character. */
    public boolean isUnicode() {
        return "UTF8".equals(session.raw().getParameterStatus("server_encoding"));
    }

    public CopyIn copyIn(String sql) throws SQLException {
        return session.raw().getCopyAPI().copyIn(sql);
    }

    /** Rows were sent by COPY, in so much time. */
    public void copied(long nanos) {
        copyNanos += nanos;
    }

    /** How long rows were sent by COPY. */
    public long copyNanos() {
        return copyNanos;
    }

    /** Sees to it that the session has this temporary table, and that it is empty. */
    public void prepareTemporaryTable(String name, String createSql, String clearSql) throws SQLException {
        if (!session.temporaryTables().contains(name) && newTemporaryTables.add(name)) {
            execute(createSql);
        }
        if (!usedTemporaryTables.add(name)) {
            execute(clearSql);
        }
    }

    /** Checks what would be checked at the commit: there no row could be told any more that is at fault. */
    public void checkDeferredConstraints() throws SQLException {
        execute("SET CONSTRAINTS ALL IMMEDIATE");
    }

    public Savepoint savepoint() throws SQLException {
        return connection.setSavepoint();
    }

    /** Takes back what was done since {@code savepoint}. */
    public void rollbackTo(Savepoint savepoint) throws SQLException {
        connection.rollback(savepoint);
        // Some may have been created before the savepoint; asking again costs one statement with IF NOT EXISTS.
        newTemporaryTables.clear();
    }

    public void release(Savepoint savepoint) throws SQLException {
        connection.releaseSavepoint(savepoint);
    }

    /** Commits. When this throws, the outcome is unknown: the applied positions tell it, read anew. */
    public void commit() throws SQLException {
        connection.commit();
        open = false;
        session.temporaryTables().addAll(newTemporaryTables);
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (open) {
                connection.rollback();
            }
        }
    }
}
