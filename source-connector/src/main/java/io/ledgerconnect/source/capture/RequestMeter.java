package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.snapshot.SnapshotProgress;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a requested snapshot has come, for metrics and the log. Used by one thread. */
final class RequestMeter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestMeter.class);
    private static final long LOG_NANOS = Duration.ofSeconds(10).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;

    private final Consumer<SnapshotProgress> observer;
    private String id = "";
    private long allPages;
    private long pages;
    private long rows;
    private long begunNanos;
    private long toldNanos;

    RequestMeter(Consumer<SnapshotProgress> observer) {
        this.observer = observer;
    }

    boolean isOf(String request) {
        return id.equals(request);
    }

    /** A request is begun, or gone on with: so many blocks are to be read. */
    void begin(String request, long toRead) {
        id = request;
        allPages = Math.max(1, toRead);
        pages = 0;
        rows = 0;
        begunNanos = System.nanoTime();
        toldNanos = begunNanos;
        observer.accept(now());
    }

    void read(String table, long morePages, long moreRows) {
        pages = Math.min(allPages, pages + morePages);
        rows += moreRows;
        SnapshotProgress progress = now();
        observer.accept(progress);
        if (System.nanoTime() - toldNanos >= LOG_NANOS) {
            toldNanos = System.nanoTime();
            LOG.info(
                    "The snapshot '{}' that was asked for: {} % of its blocks, {} rows, {} rows/s, about {} s left; reading {}",
                    id,
                    Math.round(100 * progress.share()),
                    rows,
                    Math.round(rows / progress.seconds()),
                    Math.round(progress.secondsLeft()),
                    table);
        }
    }

    void end() {
        observer.accept(new SnapshotProgress(rows, 1, 1, now().seconds()));
        LOG.info(
                "The snapshot '{}' that was asked for is read: {} rows in {} s", id, rows, Math.round(now().seconds()));
        id = "";
    }

    private SnapshotProgress now() {
        double share = (double) pages / allPages;
        return new SnapshotProgress(rows, share, share, (System.nanoTime() - begunNanos) / NANOS_PER_SECOND);
    }
}
