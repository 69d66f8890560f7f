package io.ledgerconnect.sink;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.ToldFault;
import io.ledgerconnect.sink.metrics.SinkMeters;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns faults of the environment into tries with growing waits, for as long as it takes: the records wait in Kafka,
 * and giving up would need a person to restart what heals by itself. Logs a change of state once, and then once a
 * minute.
 */
final class Retries {
    private static final Logger log = LoggerFactory.getLogger(Retries.class);
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final int MOST_DOUBLINGS = 20;
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private final SinkTaskContext context;
    private final Database database;
    private final Duration maxBackoff;
    private final Clock clock;
    private final SinkMeters meters;
    private int failures;
    private Instant firstFailure;
    private Instant lastLogged;

    Retries(SinkTaskContext context, Database database, Duration maxBackoff, Clock clock, SinkMeters meters) {
        this.meters = meters;
        this.context = context;
        this.database = database;
        this.maxBackoff = maxBackoff;
        this.clock = clock;
    }

    /** Work on the reporting store. */
    interface Work {
        void run() throws SQLException;
    }

    /**
     * Runs the work.
     *
     * @throws RetriableException when the environment is at fault; the worker hands the same records over again
     * @throws ConnectException when only a person can mend it
     */
    void run(Work work) {
        try {
            work.run();
            succeeded();
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.RETRIABLE) {
                throw fatal(e);
            }
            throw retriable(e);
        }
    }

    private void succeeded() {
        meters.succeeded();
        if (failures > 0) {
            log.info("The reporting store is written again, after {} failed tries since {}", failures, firstFailure);
            failures = 0;
        }
    }

    private RetriableException retriable(SQLException exception) {
        meters.interrupted();
        Instant now = clock.instant();
        if (failures++ == 0) {
            firstFailure = now;
            lastLogged = Instant.EPOCH;
        }
        long backoff = Math.min(maxBackoff.toMillis(), FIRST_BACKOFF_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS));
        String what = "The reporting store cannot be written " + ToldFault.describe(exception)
                + ". Nothing is lost; try " + failures + ", the next in " + backoff + " ms";
        if (Duration.between(lastLogged, now).compareTo(LOG_INTERVAL) >= 0) {
            lastLogged = now;
            log.warn(what);
        }
        database.evict();
        context.timeout(backoff);
        return new RetriableException(what, ToldFault.cause(exception));
    }

    private static ConnectException fatal(SQLException exception) {
        return new ConnectException(
                "The reporting store refuses a statement " + ToldFault.describe(exception) + mend(exception),
                ToldFault.cause(exception));
    }

    private static String mend(SQLException exception) {
        return switch (String.valueOf(exception.getSQLState())) {
            case "42501" ->
                ". Grant the connector's role what is missing (connection.user tells what it needs) and restart the task";
            case "22P05" ->
                ". A name of the ledger has a character that the encoding of the reporting store lacks: write to a database"
                        + " of the encoding UTF8 (connection.url)";
            default -> "";
        };
    }
}
