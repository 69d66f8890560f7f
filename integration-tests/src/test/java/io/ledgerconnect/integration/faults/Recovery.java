package io.ledgerconnect.integration.faults;

import io.ledgerconnect.testbed.ConnectRestException;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ConnectorStatus;
import io.ledgerconnect.testbed.ledger.LedgerPosition;
import io.ledgerconnect.testbed.ledger.SinkStatus;
import io.ledgerconnect.testbed.pipeline.Connectors;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits until a pipeline has caught up. */
final class Recovery {

    /** A frozen worker's slot may be held for wal_sender_timeout, 60 s; a restarted worker takes half a minute. */
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final int LOG_LINES = 80;

    private final Pipeline pipeline;
    private final String pipelineName;

    Recovery(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.pipelineName = pipeline.connectors().pipelineName();
    }

    /** Returns how long it took until the reporting store is complete through where the ledger is now. */
    Duration await() throws SQLException {
        long start = System.nanoTime();
        LedgerPosition position = position();
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL_INTERVAL)
                    .atMost(LONGEST)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> position.isReachedBy(completeThrough(position)));
        } catch (ConditionTimeoutException late) {
            throw new IllegalStateException(
                    "The reporting store is not complete through " + position.lsn() + " after " + LONGEST + ".\n"
                            + state(position),
                    late);
        }
        checkConnectors();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private LedgerPosition position() throws SQLException {
        try (Connection ledger = pipeline.ledgerDatabase().connect()) {
            return LedgerPosition.read(ledger);
        }
    }

    private String completeThrough(LedgerPosition position) throws SQLException {
        try (Connection reporting = pipeline.reportingDatabase().connect()) {
            return SinkStatus.read(reporting, pipelineName, position.source())
                    .map(SinkStatus::completeThrough)
                    .orElse(null);
        }
    }

    /**
     * Looks at both connectors.
     *
     * @throws IllegalStateException when a task has failed: a fault that heals must not need a person
     */
    void checkConnectors() {
        for (String connector : List.of(Connectors.SOURCE, Connectors.SINK)) {
            status(connector).flatMap(ConnectorStatus::failure).ifPresent(trace -> {
                throw new IllegalStateException(connector + " has failed: " + trace + "\n" + logs());
            });
        }
    }

    private Optional<ConnectorStatus> status(String connector) {
        for (ConnectWorker worker : pipeline.workers()) {
            try {
                return Optional.of(worker.rest().status(connector));
            } catch (UncheckedIOException | ConnectRestException away) {
                // The other one is asked.
            }
        }
        return Optional.empty();
    }

    private String state(LedgerPosition position) throws SQLException {
        return "complete through " + completeThrough(position) + "\n" + status(Connectors.SOURCE) + "\n"
                + status(Connectors.SINK) + "\n" + logs();
    }

    private String logs() {
        StringBuilder logs = new StringBuilder();
        for (ConnectWorker worker : pipeline.workers()) {
            logs.append("--- ")
                    .append(worker.name())
                    .append('\n')
                    .append(worker.logTail(LOG_LINES))
                    .append('\n');
        }
        return logs.append("--- ")
                .append(pipeline.kafka().name())
                .append('\n')
                .append(pipeline.kafka().logTail(LOG_LINES))
                .toString();
    }
}
