package io.ledgerconnect.sink.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How long the phases of one transaction took. It is asked for the time a few times per batch. Not thread-safe. */
public final class WriteTimes {
    private final LongSupplier nanoTime;
    private final Map<WritePhase, Long> nanos = new EnumMap<>(WritePhase.class);
    private long last;

    WriteTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** What went on since the phase before is this one. */
    public void end(WritePhase phase) {
        long now = nanoTime.getAsLong();
        add(phase, now - last);
        last = now;
    }

    /** The rows are written; {@code copyNanos} of that time rows were sent. */
    public void endWriting(long copyNanos) {
        end(WritePhase.MERGE);
        add(WritePhase.MERGE, -copyNanos);
        add(WritePhase.COPY, copyNanos);
    }

    private void add(WritePhase phase, long more) {
        nanos.merge(phase, more, Long::sum);
    }

    long nanos(WritePhase phase) {
        return nanos.getOrDefault(phase, 0L);
    }

    long totalNanos() {
        return nanos.values().stream().mapToLong(Long::longValue).sum();
    }
}
