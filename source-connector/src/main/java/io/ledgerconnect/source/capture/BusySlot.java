package io.ledgerconnect.source.capture;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;

/** How long a capture waits for a slot that another reader holds. Used by one thread only. */
final class BusySlot {
    /** A dying reader's slot is released within wal_sender_timeout, 60 s by default; a living one's is not. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String IN_USE = "55006";

    private final String slot;
    private final LongSupplier nanoTime;
    private boolean busy;
    private long sinceNanos;

    BusySlot(String slot, LongSupplier nanoTime) {
        this.slot = slot;
        this.nanoTime = nanoTime;
    }

    void isFree() {
        busy = false;
    }

    /**
     * Takes a fault that is being waited out.
     *
     * @throws ConnectException when it is that of a slot that has been in use for too long
     */
    void waitedFor(SQLException fault) {
        long now = nanoTime.getAsLong();
        if (!IN_USE.equals(fault.getSQLState())) {
            busy = false;
        } else if (!busy) {
            busy = true;
            sinceNanos = now;
        } else if (now - sinceNanos > PATIENCE.toNanos()) {
            throw new ConnectException(
                    "Replication slot " + slot + " has been in use by another reader for " + PATIENCE.toMinutes()
                            + " minutes (" + fault.getMessage()
                            + "). SELECT * FROM pg_stat_replication shows who it is; stop that reader, or choose another"
                            + " slot.name",
                    fault);
        }
    }
}
