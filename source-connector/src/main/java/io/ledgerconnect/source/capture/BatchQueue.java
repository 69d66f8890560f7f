package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.record.RecordBatch;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Batches between the capturing thread and Connect's task thread, and the capture's failure. Thread-safe. */
final class BatchQueue {
    /** Decoding goes on while Connect converts and sends; more would only hold memory. */
    private static final int CAPACITY = 4;

    private final BlockingQueue<RecordBatch> batches = new ArrayBlockingQueue<>(CAPACITY);
    private volatile RuntimeException failure;

    boolean offer(RecordBatch batch, Duration patience) throws InterruptedException {
        return batches.offer(batch, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How full it is, 0 to 1. */
    double share() {
        return (double) batches.size() / CAPACITY;
    }

    /** A sum over what waits. */
    long sum(ToLongFunction<RecordBatch> number) {
        return batches.stream().mapToLong(number).sum();
    }

    void fail(RuntimeException cause) {
        failure = cause;
    }

    /**
     * The next batch, or null when none comes in time.
     *
     * @throws RuntimeException the capture's failure, once everything captured before it has been taken
     */
    RecordBatch take(Duration patience) throws InterruptedException {
        // Read before the queue: a failure set after the last batch must not overtake it.
        RuntimeException failed = failure;
        RecordBatch batch = batches.poll(failed == null ? patience.toMillis() : 0, TimeUnit.MILLISECONDS);
        if (batch == null && failed != null) {
            throw failed;
        }
        return batch;
    }
}
