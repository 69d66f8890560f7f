package io.ledgerconnect.integration.faults;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.testbed.ledger.Database;
import io.ledgerconnect.testbed.ledger.LedgerPosition;
import io.ledgerconnect.testbed.ledger.SinkStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the reporting store's status and holds it against the ledger. Not thread-safe. */
final class StatusAlarms implements AutoCloseable {
    private static final String NEWEST = "SELECT account_id, account_version FROM entries ORDER BY id DESC LIMIT 1";
    private static final String HAS_VERSION =
            "SELECT EXISTS (SELECT FROM reporting.accounts WHERE id = ?::uuid AND version >= ?)";

    private final Login ledger;
    private final Login reporting;
    private final String pipelineName;
    private final String source;
    /** What was committed when the ledger was somewhere, and the reporting store not yet. */
    private final Deque<Truth> ahead = new ArrayDeque<>();

    private String furthest;
    private Set<String> standing = Set.of();

    private StatusAlarms(Database ledger, Database reporting, String pipelineName, String source) {
        this.ledger = new Login(ledger);
        this.reporting = new Login(reporting);
        this.pipelineName = pipelineName;
        this.source = source;
    }

    /**
     * Those of a pipeline of the tables of {@code config/sql/ledger.sql}; nothing is read yet of the reporting store.
     */
    static StatusAlarms of(Database ledger, Database reporting, String pipelineName) throws SQLException {
        try (Connection connection = ledger.connect()) {
            return new StatusAlarms(
                    ledger,
                    reporting,
                    pipelineName,
                    LedgerPosition.read(connection).source());
        }
    }

    /** That an account had a version when the ledger was at a position. */
    private record Truth(LedgerPosition position, String account, long version) {}

    /** A connection that is made anew after its server was away. */
    private static final class Login implements AutoCloseable {
        private final Database database;
        private Connection connection;

        Login(Database database) {
            this.database = database;
        }

        private interface Question<T> {
            T ask(Connection connection) throws SQLException;
        }

        /** Empty while the server is away. */
        <T> Optional<T> ask(Question<T> question) {
            try {
                if (connection == null) {
                    connection = database.connect();
                }
                return Optional.of(question.ask(connection));
            } catch (SQLException e) {
                close();
                if (SqlFault.of(e) != SqlFault.RETRIABLE) {
                    throw new IllegalStateException(e);
                }
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            try (Connection closed = connection) {
                connection = null;
            } catch (SQLException e) {
                // It was broken.
            }
        }
    }

    /**
     * Reads the status once.
     *
     * @return a sentence for everything that is wrong and was not the last time; nothing while the store is away
     */
    Optional<List<String>> read() {
        return reporting
                .ask(connection -> SinkStatus.read(connection, pipelineName, source))
                .map(status -> {
                    Map<String, String> wrong = wrong(status);
                    List<String> fresh = wrong.keySet().stream()
                            .filter(kind -> !standing.contains(kind))
                            .map(wrong::get)
                            .toList();
                    standing = Set.copyOf(wrong.keySet());
                    return fresh;
                });
    }

    /** Sentences by their kind. */
    private Map<String, String> wrong(Optional<SinkStatus> status) {
        Map<String, String> wrong = new HashMap<>();
        String through = status.map(SinkStatus::completeThrough).orElse(null);
        status.map(SinkStatus::gap).ifPresent(gap -> wrong.put("gap", "the status has a gap: " + gap));
        status.map(SinkStatus::quarantined)
                .filter(count -> count > 0)
                .ifPresent(count -> wrong.put("quarantined", count + " records are in quarantine"));
        if (furthest != null && !at(furthest).isReachedBy(through)) {
            wrong.put("back", "complete through " + through + ", and " + furthest + " before");
        } else if (through != null) {
            furthest = through;
            notTrue(through).ifPresent(sentence -> wrong.put("untrue", sentence));
        }
        return wrong;
    }

    private LedgerPosition at(String lsn) {
        return new LedgerPosition(source, lsn);
    }

    /** What contradicts a status that was just read; nothing while a server is away. */
    private Optional<String> notTrue(String through) {
        Optional<Truth> now = ledger.ask(StatusAlarms::truth);
        if (now.isPresent()) {
            if (!at(through).isReachedBy(now.get().position().lsn())) {
                return Optional.of("complete through " + through + ", where the ledger is not yet, but at "
                        + now.get().position().lsn());
            }
            ahead.add(now.get());
        }
        Truth reached = null;
        while (!ahead.isEmpty() && ahead.peek().position().isReachedBy(through)) {
            reached = ahead.remove();
        }
        return Optional.ofNullable(reached).flatMap(truth -> missing(truth, through));
    }

    /** The newest entry, and then a position behind it. */
    private static Truth truth(Connection ledger) throws SQLException {
        try (var statement = ledger.createStatement();
                ResultSet row = statement.executeQuery(NEWEST)) {
            row.next();
            return new Truth(LedgerPosition.read(ledger), row.getString(1), row.getLong(2));
        }
    }

    private Optional<String> missing(Truth truth, String through) {
        return reporting
                .ask(connection -> {
                    try (var query = connection.prepareStatement(HAS_VERSION)) {
                        query.setString(1, truth.account());
                        query.setLong(2, truth.version());
                        try (ResultSet row = query.executeQuery()) {
                            row.next();
                            return row.getBoolean(1);
                        }
                    }
                })
                .filter(isThere -> !isThere)
                .map(isMissing -> "complete through " + through + " without version " + truth.version() + " of account "
                        + truth.account() + ", committed before "
                        + truth.position().lsn());
    }

    @Override
    public void close() {
        ledger.close();
        reporting.close();
    }
}
