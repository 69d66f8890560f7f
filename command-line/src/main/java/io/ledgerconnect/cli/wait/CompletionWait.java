package io.ledgerconnect.cli.wait;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectorState;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.status.PipelineStatus;
import io.ledgerconnect.cli.status.PipelineStatus.Gap;
import io.ledgerconnect.cli.status.StatusReader;
import io.ledgerconnect.cli.wait.Completion.Result;
import io.ledgerconnect.common.error.SqlFault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at a reporting store again and again until it is complete through somewhere, or cannot become so. */
public final class CompletionWait {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** A worker is asked less often than the store. */
    private static final Duration CONNECTOR_INTERVAL = Duration.ofSeconds(5);
    /** How long a store that restarts may be away. */
    private static final Duration LONGEST_ABSENCE = Duration.ofMinutes(2);

    private final Store store;
    private final String source;
    private final Supplier<Optional<ConnectorState>> connector;
    private Connection connection;
    private long absentSince;
    private long connectorAsked;

    /**
     * @param source the only ledger that counts, {@code SYSTEM_ID/DATABASE} or its database; null for all
     * @param connector asks for the sink connector's state; empty where it is not known
     */
    public CompletionWait(Store store, String source, Supplier<Optional<ConnectorState>> connector) {
        this.store = store;
        this.source = source;
        this.connector = connector;
    }

    /**
     * Waits.
     *
     * @throws CommandException when the store cannot be asked at first, or not any more for two minutes
     */
    public Completion until(Through through, Duration timeout) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        connection = store.connect();
        try {
            while (true) {
                Optional<Look> look = look(through);
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                if (look.isPresent() && look.get().isReached(through)) {
                    return new Completion(Result.REACHED, look.get().statuses(), waited, Optional.empty());
                }
                if (look.isPresent() && look.get().stop().isPresent()) {
                    return new Completion(
                            Result.STOPPED,
                            look.get().statuses(),
                            waited,
                            look.get().stop());
                }
                if (waited.compareTo(timeout) >= 0) {
                    return new Completion(
                            Result.TIMED_OUT, look.map(Look::statuses).orElse(List.of()), waited, Optional.empty());
                }
                Thread.sleep(Math.min(
                        INTERVAL.toMillis(), Math.max(1, timeout.minus(waited).toMillis())));
            }
        } finally {
            close();
        }
    }

    private record Look(List<PipelineStatus> statuses, Optional<String> stop) {
        boolean isReached(Through through) {
            return statuses.stream().allMatch(through::isReachedBy);
        }
    }

    /** Empty while the store is away. */
    private Optional<Look> look(Through through) throws SQLException {
        try {
            if (connection == null) {
                connection = store.address().connect();
            }
            List<PipelineStatus> statuses = statuses(through);
            absentSince = 0;
            Optional<String> gap = stoppedByGap(statuses, through);
            return Optional.of(new Look(statuses, gap.isPresent() ? gap : stoppedConnector()));
        } catch (SQLException e) {
            close();
            long now = System.nanoTime();
            absentSince = absentSince == 0 ? now : absentSince;
            if (SqlFault.of(e) != SqlFault.RETRIABLE || now - absentSince > LONGEST_ABSENCE.toNanos()) {
                throw store.address().unreachable(e);
            }
            return Optional.empty();
        }
    }

    private List<PipelineStatus> statuses(Through through) throws SQLException {
        List<PipelineStatus> statuses = new StatusReader(connection)
                .read(store.pipeline().orElse(null)).stream()
                        .filter(status -> source == null || isSource(status.source()))
                        .toList();
        if (statuses.isEmpty()) {
            throw new CommandException("Nothing has written to the " + store.address() + " yet under "
                    + store.pipeline()
                            .map(name -> "the pipeline '" + name + "'")
                            .orElse("any pipeline")
                    + (source == null ? "." : " from the ledger " + source + '.'));
        }
        long ledgers = statuses.stream().map(PipelineStatus::source).distinct().count();
        if (through instanceof Through.Position && ledgers > 1) {
            throw new CommandException("The reporting store has " + ledgers
                    + " ledgers, and a position means something in one of them only: give --source, or a time.");
        }
        return statuses;
    }

    private boolean isSource(String found) {
        return found.equals(source) || found.substring(found.indexOf('/') + 1).equals(source);
    }

    private Optional<String> stoppedByGap(List<PipelineStatus> statuses, Through through) throws SQLException {
        for (PipelineStatus status : statuses) {
            Optional<Gap> gap = status.firstGap();
            if (gap.isPresent()
                    && !through.isReachedBy(status)
                    && new BlockingGap(connection).blocks(status, through)) {
                return Optional.of("It stands before a gap: " + gap.get().describe() + '.');
            }
        }
        return Optional.empty();
    }

    /** A worker that does not answer says nothing about the pipeline. */
    private Optional<String> stoppedConnector() {
        long now = System.nanoTime();
        if (connectorAsked != 0 && now - connectorAsked < CONNECTOR_INTERVAL.toNanos()) {
            return Optional.empty();
        }
        connectorAsked = now;
        try {
            return connector
                    .get()
                    .filter(ConnectorState::hasStopped)
                    .map(state -> "Its connector has stopped: " + state.describe());
        } catch (CommandException e) {
            return Optional.empty();
        }
    }

    private void close() throws SQLException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
