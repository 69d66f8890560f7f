package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how far the slot may be moved: to the checkpoint of the offset that Connect has stored, read back after it
 * was written. Callbacks of sent records do not decide it; they come unordered across partitions.
 *
 * <p>Invariant: {@code confirmed_flush_lsn} ≤ the stored offset, always.
 *
 * <p>Thread-safe. Reading back waits for Kafka, so it has a thread of its own.
 */
public final class Acknowledgement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgement.class);

    /** Offsets may be stored after every poll (exactly-once support); one reading back a second is enough. */
    private static final long DELAY_MILLIS = 1000;

    private final OffsetStorageReader offsets;
    private final Map<String, String> partition;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ledger-acknowledgement");
        thread.setDaemon(true);
        return thread;
    });
    /** How many records were handed over of which Kafka does not say yet that it has them; negative for a moment. */
    private final AtomicLong underWay = new AtomicLong();

    private volatile Checkpoint stored;

    public Acknowledgement(OffsetStorageReader offsets, String topicPrefix) {
        this.offsets = offsets;
        this.partition = SourceOffset.partition(topicPrefix);
    }

    /** Records were handed over to Connect. Called by the capturing thread. */
    void handedOver(int records) {
        underWay.addAndGet(records);
    }

    /** Kafka has a record, in a committed transaction if it is in one; or a transform dropped it. */
    public void recordSent() {
        underWay.decrementAndGet();
    }

    /** Whether Kafka has everything that was handed over. Called by the capturing thread. */
    boolean isEverythingSent() {
        return underWay.get() == 0;
    }

    /** Connect has stored offsets. Returns at once. */
    public void offsetsStored() {
        if (!executor.isShutdown() && scheduled.compareAndSet(false, true)) {
            var unused = executor.schedule(this::readBack, DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void readBack() {
        scheduled.set(false);
        try {
            Map<String, Object> offset = offsets.offset(partition);
            if (offset != null) {
                stored = SourceOffset.parse(offset).checkpoint();
            }
        } catch (RuntimeException e) {
            // The slot stays where it is; the next stored offset brings the next attempt.
            LOG.warn("The stored offset could not be read back; WAL is not released until it can: {}", e.getMessage());
        }
    }

    /** Up to where WAL of this stream may go; 0 when that is not known. */
    long releasableLsn(StreamIdentity stream) {
        Checkpoint checkpoint = stored;
        boolean sameStream = checkpoint != null
                && checkpoint.snapshotComplete()
                && checkpoint.identity().source().equals(stream.source())
                && checkpoint.identity().stream().equals(stream.stream());
        return sameStream ? checkpoint.lsn() : 0;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
