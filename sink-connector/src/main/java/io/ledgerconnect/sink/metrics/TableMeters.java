package io.ledgerconnect.sink.metrics;

import io.ledgerconnect.common.metrics.Meter;
import java.util.function.LongSupplier;

/** What a task has written to one reporting table. Written per batch; thread-safe. */
public final class TableMeters {
    private final Meter rows;
    private final Meter batches;
    private final Meter quarantined;

    TableMeters(LongSupplier nanoTime) {
        rows = new Meter(nanoTime);
        batches = new Meter(nanoTime);
        quarantined = new Meter(nanoTime);
    }

    void wrote(int count) {
        rows.add(count);
        batches.add(1);
    }

    void refused() {
        rows.add(-1);
        quarantined.add(1);
    }

    Meter rows() {
        return rows;
    }

    Meter batches() {
        return batches;
    }

    Meter quarantined() {
        return quarantined;
    }
}
