package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.DatabaseAddress;
import io.ledgerconnect.cli.connection.SqlText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger as of one position: everything that was committed before it, and nothing else. A temporary slot exports
 * the snapshot and names its position; it goes as soon as the readers have the snapshot, so it holds no WAL. Takes no
 * lock that writers feel. Used by one thread; each reader may be used by another.
 */
final class LedgerSnapshot implements AutoCloseable {
    private final String position;
    private final List<Connection> readers = new ArrayList<>();

    private LedgerSnapshot(String position) {
        this.position = position;
    }

    /**
     * Takes one, once the transactions that are under way have ended.
     *
     * @param timeout for that
     */
    static LedgerSnapshot take(DatabaseAddress ledger, int readerCount, Duration timeout) throws SQLException {
        String slot = "ledger_connect_audit_" + Long.toString(System.nanoTime() & 0xFFFFFFFFFFL, 36);
        try (Connection replication = ledger.connectForReplication();
                Statement statement = replication.createStatement()) {
            statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
            try (ResultSet row = statement.executeQuery(
                    "CREATE_REPLICATION_SLOT \"" + slot + "\" TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT")) {
                row.next();
                LedgerSnapshot snapshot = new LedgerSnapshot(row.getString("consistent_point"));
                snapshot.open(ledger, row.getString("snapshot_name"), readerCount);
                return snapshot;
            }
        } catch (SQLException e) {
            throw refused(ledger, e);
        }
    }

    private void open(DatabaseAddress ledger, String name, int readerCount) throws SQLException {
        try {
            for (int i = 0; i < readerCount; i++) {
                Connection reader = ledger.connect();
                readers.add(reader);
                Side.prepare(reader);
                reader.setAutoCommit(false);
                try (Statement statement = reader.createStatement()) {
                    statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
                    statement.execute("SET TRANSACTION SNAPSHOT '" + name + "'");
                }
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private static CommandException refused(DatabaseAddress ledger, SQLException e) {
        String what = switch (String.valueOf(e.getSQLState())) {
            case "57014" ->
                "A transaction of the ledger was open for too long: a snapshot is taken once all that are under way have"
                        + " ended. See pg_stat_activity.xact_start, and try again.";
            case "53400" ->
                "The ledger has no replication slot left for the audit's snapshot: raise max_replication_slots by one, or"
                        + " drop a slot that nobody reads.";
            case "42501" ->
                "The role may not take a snapshot with a position: ALTER ROLE … REPLICATION, or use the source connector's.";
            default -> "";
        };
        return what.isEmpty()
                ? ledger.unreachable(e)
                : new CommandException(what + " The server says " + SqlText.describe(e), e);
    }

    /** Everything committed before it is in the snapshot. */
    String position() {
        return position;
    }

    List<Connection> readers() {
        return List.copyOf(readers);
    }

    @Override
    public void close() throws SQLException {
        for (Connection reader : readers) {
            reader.close();
        }
    }
}
