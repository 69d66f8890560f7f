package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One state of the database, seen by several connections. It holds transactions open until it is closed, and takes no
 * lock that writers feel.
 */
public final class SnapshotView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotView.class);

    /** Settings of a session: rows are asked for by their places, and have to come in that order. */
    public static final String IN_ORDER =
            "SET enable_tidscan = on; SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off;"
                    + " SET synchronize_seqscans = off; SET max_parallel_workers_per_gather = 0; SET jit = off";

    private final List<Connection> connections = new ArrayList<>();

    private SnapshotView() {}

    /** The state that another connection exports. Once this returns, that connection may go. */
    public static SnapshotView imported(LedgerDatabase database, String snapshotName, int threads) throws SQLException {
        return open(view -> view.importAll(database, snapshotName, threads));
    }

    /** The state as it is now. */
    public static SnapshotView now(LedgerDatabase database, int threads) throws SQLException {
        return open(view -> {
            Connection first = view.begin(database);
            view.importAll(database, ask(first, "SELECT pg_catalog.pg_export_snapshot()"), threads - 1);
        });
    }

    private interface Opening {
        void open(SnapshotView view) throws SQLException;
    }

    private static SnapshotView open(Opening opening) throws SQLException {
        SnapshotView view = new SnapshotView();
        try {
            opening.open(view);
            return view;
        } catch (SQLException e) {
            view.close();
            throw e;
        }
    }

    private void importAll(LedgerDatabase database, String snapshotName, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            execute(begin(database), "SET TRANSACTION SNAPSHOT '" + snapshotName + "'");
        }
    }

    private Connection begin(LedgerDatabase database) throws SQLException {
        Connection connection = database.connect();
        connections.add(connection);
        execute(connection, IN_ORDER);
        connection.setAutoCommit(false);
        execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Which transactions it shows. */
    public String visible() throws SQLException {
        return ask(connection(), "SELECT pg_catalog.pg_current_snapshot()::text");
    }

    /** For questions about this state. */
    public Connection connection() {
        return connections.get(0);
    }

    List<Connection> connections() {
        return connections;
    }

    /** Does not wait for what is under way. */
    @Override
    public void close() {
        for (Connection connection : connections) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("A connection of the snapshot was gone already", e);
            }
        }
    }
}
