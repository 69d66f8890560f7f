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
import java.util.Optional;

/**
 * The ledger as of one position: everything that was committed before it, and nothing else. A temporary slot exports
 * the snapshot and names its position. It goes as soon as the readers have the snapshot, so it holds no WAL; unless it
 * is to tell what was changed since. Takes no lock that writers feel. Used by one thread; each reader may be used by
 * another.
 */
final class LedgerSnapshot implements AutoCloseable {
    /** The server gathers them before it sends the first. */
    private static final int MOST_CHANGES = 500_000;

    private static final String CHANGES = """
            SELECT data FROM pg_logical_slot_peek_binary_changes('%s', NULL, %d, 'proto_version', '1',
                                                                 'publication_names', '"%s"')""";

    private final String slot = "ledger_connect_audit_" + Long.toString(System.nanoTime() & 0xFFFFFFFFFFL, 36);
    private final Connection replication;
    private final Optional<HmacKey> hmacKey;
    private final List<Connection> readers = new ArrayList<>();
    private String position;

    private LedgerSnapshot(Connection replication, Optional<HmacKey> hmacKey) {
        this.replication = replication;
        this.hmacKey = hmacKey;
    }

    /**
     * Takes one, once the transactions that are under way have ended.
     *
     * @param settings how long that may take, and what readers must be able to compute
     */
    static LedgerSnapshot take(DatabaseAddress ledger, int readerCount, AuditSettings settings) throws SQLException {
        LedgerSnapshot snapshot = takeWithSlot(ledger, readerCount, settings);
        snapshot.replication.close();
        return snapshot;
    }

    /** Takes one that also knows the {@link #readChanges changes} since. */
    static LedgerSnapshot takeWithSlot(DatabaseAddress ledger, int readerCount, AuditSettings settings)
            throws SQLException {
        LedgerSnapshot snapshot = null;
        try {
            snapshot = new LedgerSnapshot(ledger.connectForReplication(), settings.hmacKey());
            snapshot.create(ledger, readerCount, settings.patience());
            return snapshot;
        } catch (SQLException e) {
            if (snapshot != null) {
                snapshot.close();
            }
            throw refused(ledger, e);
        }
    }

    private void create(DatabaseAddress ledger, int readerCount, Duration timeout) throws SQLException {
        Side.prepare(replication);
        try (Statement statement = replication.createStatement()) {
            statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
            try (ResultSet row = statement.executeQuery(
                    "CREATE_REPLICATION_SLOT \"" + slot + "\" TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT")) {
                row.next();
                position = row.getString("consistent_point");
                open(ledger, row.getString("snapshot_name"), readerCount);
            }
        }
    }

    /**
     * Reads what was committed since the position, as a publication has it.
     *
     * @return whether that is all; false where it was too much
     */
    boolean readChanges(String publication, LedgerChanges changes) throws SQLException {
        String name = publication.replace("\"", "\"\"").replace("'", "''");
        int count = 0;
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery(CHANGES.formatted(slot, MOST_CHANGES, name))) {
            while (row.next()) {
                changes.read(row.getBytes(1));
                count++;
            }
        }
        return count < MOST_CHANGES;
    }

    private void open(DatabaseAddress ledger, String name, int readerCount) throws SQLException {
        for (int i = 0; i < readerCount; i++) {
            Connection reader = ledger.connect();
            readers.add(reader);
            Side.prepare(reader);
            if (hmacKey.isPresent()) {
                hmacKey.get().give(reader);
            }
            reader.setAutoCommit(false);
            try (Statement statement = reader.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
                statement.execute("SET TRANSACTION SNAPSHOT '" + name + "'");
            }
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
        replication.close();
        for (Connection reader : readers) {
            reader.close();
        }
    }
}
