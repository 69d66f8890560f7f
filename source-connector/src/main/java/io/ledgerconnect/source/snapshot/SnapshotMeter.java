package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.offset.Place;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators see of a long snapshot. Used by one thread. */
final class SnapshotMeter {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotMeter.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final long begunNanos = System.nanoTime();
    private final long allPages;
    /** Of what an interrupted attempt had read. */
    private final long earlierPages;

    private long loggedNanos = begunNanos;
    private long rows;
    private long pages;

    /** Begins at a place in the files. */
    SnapshotMeter(List<ReadFile> files, Place from) {
        allPages = Math.max(1, pagesBefore(files, new Place(files.size(), 0)));
        earlierPages = pagesBefore(files, from);
        pages = earlierPages;
    }

    private static long pagesBefore(List<ReadFile> files, Place place) {
        long before = files.stream()
                .limit(place.file())
                .mapToLong(file -> file.file().pages())
                .sum();
        return before + place.block();
    }

    void countRows(int count) {
        rows += count;
    }

    void countPages(long count) {
        pages += count;
    }

    SnapshotProgress now() {
        double share = (double) pages / allPages;
        double begun = (double) earlierPages / allPages;
        return new SnapshotProgress(rows, share, share - begun, (System.nanoTime() - begunNanos) / 1e9);
    }

    void log() {
        long nanos = System.nanoTime();
        if (nanos - loggedNanos < INTERVAL.toNanos()) {
            return;
        }
        loggedNanos = nanos;
        SnapshotProgress now = now();
        double left = now.secondsLeft();
        LOG.info(
                "Snapshot: {} rows, {}%, {} rows/s, {} s left",
                rows,
                Math.round(now.share() * 100),
                Math.round(rows / now.seconds()),
                Double.isNaN(left) ? "?" : Long.toString(Math.round(left)));
    }
}
