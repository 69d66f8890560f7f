package io.ledgerconnect.testbed.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a ledger with its reporting store at one position: waits until the store is complete through where the
 * ledger is, and then compares rows, sums per currency and a digest of each table, and checks the ledger's invariants
 * on both sides. To be run after the last transaction that matters: changes that commit while it runs show as
 * differences.
 */
public final class LedgerAudit {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    /** A worker that restarts on a busy machine is back within two. */
    private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(3);

    private static final String WRITES =
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables";

    private static final Set<String> PASSING_CLASSES = Set.of("08", "57");
    private static final String LEDGER_SCHEMA = "public";
    private static final String REPORTING_SCHEMA = "reporting";

    private final Database ledger;
    private final Database reporting;
    private final String pipeline;
    private final List<AuditedTable> tables;

    /**
     * An audit of the tables of {@code config/sql/ledger.sql}.
     *
     * @param ledger logs in as one who may read the tables and {@code pg_control_system()}
     * @param reporting logs in as one who may read the tables and the schema {@code ledger_connect}
     * @param pipeline the sink's {@code pipeline.name}
     */
    public LedgerAudit(Database ledger, Database reporting, String pipeline) {
        this(ledger, reporting, pipeline, AuditedTable.LEDGER);
    }

    /** An audit of other tables; the ledger's invariants are checked where {@link AuditedTable#LEDGER} is audited. */
    public LedgerAudit(Database ledger, Database reporting, String pipeline, List<AuditedTable> tables) {
        this.ledger = ledger;
        this.reporting = reporting;
        this.pipeline = pipeline;
        this.tables = List.copyOf(tables);
    }

    /** Is told during the wait how far the reporting store is, some times a second; may throw to end the audit. */
    public interface Progress {
        Progress NONE = (position, status) -> {};

        void waitingFor(LedgerPosition position, Optional<SinkStatus> status);
    }

    /**
     * Waits and compares.
     *
     * @param patience the longest wait; one in which nothing is written for three minutes ends too
     * @throws SQLException when a database cannot be read, or not any more
     */
    public AuditReport run(Duration patience, Progress progress) throws SQLException, InterruptedException {
        LedgerPosition position = position();
        long start = System.nanoTime();
        Optional<SinkStatus> status = awaitComplete(position, patience, progress);
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        try (TableReader left = new TableReader(ledger);
                TableReader right = new TableReader(reporting)) {
            List<TableComparison> comparisons = compareAll(left, right);
            boolean hasAllColumns = comparisons.stream()
                    .allMatch(comparison -> comparison.missingColumns().isEmpty());
            return new AuditReport(
                    position,
                    status,
                    waited,
                    comparisons,
                    violated(left, LEDGER_SCHEMA),
                    hasAllColumns ? violated(right, REPORTING_SCHEMA) : Map.of());
        }
    }

    private LedgerPosition position() throws SQLException {
        try (Connection connection = ledger.connect()) {
            return LedgerPosition.read(connection);
        }
    }

    private Optional<SinkStatus> awaitComplete(LedgerPosition position, Duration patience, Progress progress)
            throws SQLException, InterruptedException {
        long start = System.nanoTime();
        long lastMove = start;
        Sight last = Sight.NONE;
        while (true) {
            Sight sight = look(position, last);
            long now = System.nanoTime();
            lastMove = sight.equals(last) ? lastMove : now;
            last = sight;
            if (position.isReachedBy(
                            sight.status.map(SinkStatus::completeThrough).orElse(null))
                    || now - start > patience.toNanos()
                    || now - lastMove > LONGEST_STANDSTILL.toNanos()) {
                return sight.status;
            }
            progress.waitingFor(position, sight.status);
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
    }

    /** What moves while a sink is at work: what it says, and how many rows the server has counted as written. */
    private record Sight(Optional<SinkStatus> status, long writes) {
        static final Sight NONE = new Sight(Optional.empty(), 0);
    }

    /** A reporting server that restarts is where it was. */
    private Sight look(LedgerPosition position, Sight last) throws SQLException {
        try (Connection connection = reporting.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(WRITES)) {
            row.next();
            return new Sight(SinkStatus.read(connection, pipeline, position.source()), row.getLong(1));
        } catch (SQLException e) {
            if (e.getSQLState() != null
                    && PASSING_CLASSES.contains(e.getSQLState().substring(0, 2))) {
                return last;
            }
            throw e;
        }
    }

    private List<TableComparison> compareAll(TableReader left, TableReader right) throws SQLException {
        List<TableComparison> comparisons = new ArrayList<>();
        for (AuditedTable table : tables) {
            comparisons.add(compare(table, left, right));
        }
        return comparisons;
    }

    private static TableComparison compare(AuditedTable table, TableReader left, TableReader right)
            throws SQLException {
        List<String> columns = left.columns(table.source());
        List<String> missing = new ArrayList<>(columns);
        missing.removeAll(right.columns(table.target()));
        if (!missing.isEmpty()) {
            // A table that is not there lacks all of them.
            return new TableComparison(table, TableState.UNKNOWN, TableState.UNKNOWN, missing, List.of());
        }
        Extract source =
                new Extract(ValidRows.of(left.connection(), table.source()), table.key(), columns, table.sum());
        Extract target =
                new Extract(ValidRows.of(right.connection(), table.target()), table.key(), columns, table.sum());
        TableState ledger = left.state(source);
        TableState reporting = right.state(target);
        List<String> differing = ledger.equals(reporting) ? List.of() : DifferingRows.find(left, source, right, target);
        return new TableComparison(table, ledger, reporting, List.of(), differing);
    }

    private Map<String, Long> violated(TableReader side, String schema) throws SQLException {
        return tables.equals(AuditedTable.LEDGER) ? Invariants.violated(side.connection(), schema) : Map.of();
    }
}
