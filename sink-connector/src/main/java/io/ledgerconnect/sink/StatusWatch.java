package io.ledgerconnect.sink;

import io.ledgerconnect.sink.metrics.SinkMeters;
import io.ledgerconnect.sink.state.StatusStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the reporting store now and then how the pipeline stands, for the metrics. Not thread-safe. */
final class StatusWatch {
    private static final Logger log = LoggerFactory.getLogger(StatusWatch.class);
    /** It costs a query over the pending watermarks, which may be many while a sink lags. */
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final StatusStore store;
    private final SinkMeters meters;
    private final LongSupplier nanoTime;
    private long nextNanos;

    StatusWatch(StatusStore store, SinkMeters meters, LongSupplier nanoTime) {
        this.store = store;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** A question that fails is no fault of the task: the age of the figures shows it. */
    void look() {
        if (nextNanos - nanoTime.getAsLong() > 0) {
            return;
        }
        nextNanos = nanoTime.getAsLong() + INTERVAL_NANOS;
        try {
            meters.status(store.read());
        } catch (SQLException e) {
            log.debug("ledger_connect.status could not be read for the metrics", e);
        }
    }
}
