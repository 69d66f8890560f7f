package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectorState;
import io.ledgerconnect.cli.connection.DatabaseAddress;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.status.PipelineStatus;
import io.ledgerconnect.cli.status.StatusReader;
import io.ledgerconnect.cli.wait.Completion;
import io.ledgerconnect.cli.wait.CompletionWait;
import io.ledgerconnect.cli.wait.Through;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** One audit, from the ledger's snapshot to the findings. Used by one thread. */
final class Audit {
    private static final String IDENTITY =
            "SELECT system_identifier || '/' || current_database() FROM pg_control_system()";
    private static final String ENCODING = "SELECT getdatabaseencoding()";

    private final DatabaseAddress ledger;
    private final Store store;
    private final Supplier<Optional<ConnectorState>> connector;
    private final CapturedColumns captured;
    private final AuditSettings settings;
    private final AuditProgress progress;
    private final Pace pace;

    Audit(
            DatabaseAddress ledger,
            Store store,
            Supplier<Optional<ConnectorState>> connector,
            CapturedColumns captured,
            AuditSettings settings,
            AuditProgress progress) {
        this.ledger = ledger;
        this.store = store;
        this.connector = connector;
        this.captured = captured;
        this.settings = settings;
        this.progress = progress;
        this.pace = new Pace(settings.rowsPerSecond());
    }

    /** Which pipeline is audited, for which ledger. */
    private record Subject(String pipeline, String source) {}

    /** @param tables of the ledger, {@code schema.table} */
    AuditResult run(Pattern tables) throws SQLException, InterruptedException {
        Instant begun = Instant.now();
        long start = System.nanoTime();
        Subject subject = subject();
        List<TableFindings> findings = new ArrayList<>();
        try (LedgerSnapshot snapshot = LedgerSnapshot.take(ledger, settings.parallel() + 1, settings)) {
            Completion completion = await(subject, snapshot.position());
            TableCatalog.Tables found = new TableCatalog.Tables(List.of(), List.of(), List.of());
            if (completion.result() == Completion.Result.REACHED) {
                found = tables(subject, tables, snapshot);
                found.tables().forEach(table -> findings.add(new TableFindings(table, settings)));
                compare(snapshot, findings);
                sumChanged(snapshot, findings);
            }
            snapshot.close();
            int rechecks = recheck(subject, findings);
            return new AuditResult(
                    subject.pipeline,
                    subject.source,
                    server(ledger, ledger::connect),
                    server(store.address(), store::connect),
                    snapshot.position(),
                    begun,
                    completion,
                    findings,
                    found.absent(),
                    found.gone(),
                    rechecks,
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Subject subject() throws SQLException {
        String source = identity();
        try (Connection connection = store.connect()) {
            List<PipelineStatus> all =
                    new StatusReader(connection).read(store.pipeline().orElse(null));
            List<PipelineStatus> fitting = all.stream()
                    .filter(status -> status.source().equals(source))
                    .toList();
            if (fitting.size() != 1) {
                throw new CommandException(
                        fitting.isEmpty()
                                ? "The " + store.address() + " has nothing of the ledger " + source + "; it has "
                                        + all.stream()
                                                .map(PipelineStatus::source)
                                                .distinct()
                                                .toList()
                                        + ". Is it the right ledger, and the right --pipeline?"
                                : "The " + store.address() + " has this ledger in the pipelines "
                                        + fitting.stream()
                                                .map(PipelineStatus::pipeline)
                                                .toList()
                                        + ": give --pipeline.");
            }
            return new Subject(fitting.get(0).pipeline(), source);
        }
    }

    private String identity() {
        try (Connection connection = ledger.connect()) {
            return text(connection, IDENTITY);
        } catch (SQLException e) {
            throw ledger.unreachable(e);
        }
    }

    private interface Login {
        Connection connect() throws SQLException;
    }

    private static AuditResult.Server server(DatabaseAddress address, Login login) throws SQLException {
        try (Connection connection = login.connect()) {
            return new AuditResult.Server(
                    address.url().replaceFirst("^jdbc:", "").replaceFirst("[?].*$", ""),
                    text(connection, "SHOW server_version"));
        }
    }

    private Completion await(Subject subject, String position) throws SQLException, InterruptedException {
        progress.waitingFor(position);
        Store ofPipeline = new Store(store.address(), Optional.of(subject.pipeline), store.connector());
        return new CompletionWait(ofPipeline, subject.source, connector)
                .until(new Through.Position(position), settings.patience());
    }

    private TableCatalog.Tables tables(Subject subject, Pattern tables, LedgerSnapshot snapshot) throws SQLException {
        try (Connection reporting = store.connect()) {
            return new TableCatalog(
                            snapshot.readers().get(0), reporting, snapshot.position(), captured, settings.sums())
                    .read(subject.pipeline, subject.source, tables);
        }
    }

    private void compare(LedgerSnapshot snapshot, List<TableFindings> findings)
            throws SQLException, InterruptedException {
        Connection scout = snapshot.readers().get(0);
        List<Connection> rest = snapshot.readers().subList(1, snapshot.readers().size());
        try (Readers readers = new Readers(rest, store.address())) {
            for (TableFindings table : findings) {
                compare(table, scout, readers, snapshot.position());
            }
            readers.await();
        }
    }

    /** Goes along the ledger's keys; the last range has no end, so that it has what only the reporting store has. */
    private void compare(TableFindings table, Connection scout, Readers readers, String position)
            throws SQLException, InterruptedException {
        SideReader bounds = ledgerReader(table, scout);
        Key.Range rest = Key.Range.ALL;
        while (true) {
            Optional<Key> end =
                    table.table().isOrderedByKey() ? bounds.keyAt(rest, settings.rowsAtOnce() - 1) : Optional.empty();
            Key.Range range = end.isPresent() ? rest.lower(end.get()) : rest;
            readers.submit((left, right) -> {
                long rows = new RangeComparison(
                                table,
                                ledgerReader(table, left),
                                reportingReader(table, right, position),
                                position,
                                settings.leafRows())
                        .compare(range);
                progress.compared(table);
                pace.read(rows);
            });
            if (end.isEmpty()) {
                return;
            }
            rest = rest.upper(end.get());
        }
    }

    /** What rows that have changed since are worth as of the position. */
    private void sumChanged(LedgerSnapshot snapshot, List<TableFindings> findings) throws SQLException {
        for (TableFindings table : findings) {
            if (!table.table().sums().isEmpty() && table.table().hasKey()) {
                SideReader reader = ledgerReader(table, snapshot.readers().get(0));
                new ChangedSums(table, reader).read();
            }
        }
    }

    /** At how many later positions it was looked. */
    private int recheck(Subject subject, List<TableFindings> all) throws SQLException, InterruptedException {
        List<TableFindings> findings =
                all.stream().filter(table -> table.table().hasKey()).toList();
        int round = 0;
        while (round < settings.rounds() && hasUndecided(findings)) {
            try (LedgerSnapshot snapshot = LedgerSnapshot.takeWithSlot(ledger, 1, settings)) {
                List<Recheck> rechecks = new ArrayList<>();
                for (TableFindings table : findings) {
                    Recheck recheck = new Recheck(table, snapshot.position());
                    recheck.readLedger(ledgerReader(table, snapshot.readers().get(0)));
                    rechecks.add(recheck);
                }
                if (await(subject, snapshot.position()).result() != Completion.Result.REACHED) {
                    return round;
                }
                readReporting(findings, rechecks, snapshot.position());
                readChanges(findings, rechecks, snapshot);
            }
            round++;
        }
        return round;
    }

    private void readChanges(List<TableFindings> findings, List<Recheck> rechecks, LedgerSnapshot snapshot)
            throws SQLException {
        Connection reader = snapshot.readers().get(0);
        List<TableFindings> undecided =
                findings.stream().filter(table -> !table.undecided().isEmpty()).toList();
        Optional<Publication> publication = Publication.find(reader, undecided);
        if (publication.isEmpty()) {
            return;
        }
        LedgerChanges changes = new LedgerChanges(publication.get().published(undecided));
        if (snapshot.readChanges(publication.get().name(), changes)) {
            for (int i = 0; i < findings.size(); i++) {
                rechecks.get(i).readChanges(changes, ledgerReader(findings.get(i), reader));
            }
        }
    }

    private void readReporting(List<TableFindings> findings, List<Recheck> rechecks, String position)
            throws SQLException {
        try (Connection reporting = store.connect()) {
            Side.prepare(reporting);
            for (int i = 0; i < findings.size(); i++) {
                rechecks.get(i).readReporting(reportingReader(findings.get(i), reporting, position));
            }
        }
    }

    private static boolean hasUndecided(List<TableFindings> findings) {
        return findings.stream().anyMatch(table -> !table.undecided().isEmpty());
    }

    private SideReader ledgerReader(TableFindings table, Connection connection) throws SQLException {
        return new SideReader(connection, table.table().ledgerSide(sameEncoding()), settings.showsValues());
    }

    private SideReader reportingReader(TableFindings table, Connection connection, String position)
            throws SQLException {
        return new SideReader(
                connection, table.table().reportingSide(position, sameEncoding()), settings.showsValues());
    }

    private Boolean sameEncoding;

    private synchronized boolean sameEncoding() throws SQLException {
        if (sameEncoding == null) {
            try (Connection left = ledger.connect();
                    Connection right = store.connect()) {
                sameEncoding = text(left, ENCODING).equals(text(right, ENCODING));
            }
        }
        return sameEncoding;
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
