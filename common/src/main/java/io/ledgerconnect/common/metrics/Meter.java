package io.ledgerconnect.common.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts, and says how many came per second in the last minute. Thread-safe; meant to be called per batch. */
public final class Meter {
    /** Long enough for a steady number between commits, short enough to see a standstill. */
    private static final int SECONDS = (int) Duration.ofMinutes(1).toSeconds();

    private final LongSupplier nanoTime;
    private final long begunNanos;
    /** What came in each of the last seconds, in a ring. */
    private final long[] counts = new long[SECONDS];

    private long total;
    private long second;

    public Meter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begunNanos = nanoTime.getAsLong();
    }

    public synchronized void add(long count) {
        advance();
        counts[index(second)] += count;
        total += count;
    }

    public synchronized long total() {
        return total;
    }

    public synchronized double perSecond() {
        double elapsed = advance();
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        // The ring's newest second is not over yet.
        double covered = Math.min(elapsed, SECONDS - 1 + elapsed - second);
        return sum / Math.max(1, covered);
    }

    /** Forgets the seconds that have passed out of the ring; the seconds since the beginning come back. */
    private double advance() {
        long nanos = nanoTime.getAsLong() - begunNanos;
        long now = TimeUnit.NANOSECONDS.toSeconds(nanos);
        for (long passed = Math.max(second + 1, now - SECONDS + 1); passed <= now; passed++) {
            counts[index(passed)] = 0;
        }
        second = Math.max(second, now);
        return nanos / 1e9;
    }

    private static int index(long second) {
        return (int) (second % SECONDS);
    }
}
