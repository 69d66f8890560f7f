package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.record.ChangedKeys;
import io.ledgerconnect.source.record.Ledger;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ReplicationStream;
import io.ledgerconnect.source.replication.Slot;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Gathers the keys of the rows that were written since a snapshot began, from the slot that has those changes for the
 * stream. Nothing is acknowledged: the stream gets them all again. It stays open from the first reading on, since the
 * server reads the slot's WAL from the beginning whenever it is opened. Used by one thread only.
 */
final class ChangesSince implements AutoCloseable {
    private static final long IDLE_PAUSE_NANOS = 1_000_000;

    /** An eighth of the heap, at up to 24 bytes a key. */
    private static final int MOST =
            (int) Math.min(Integer.MAX_VALUE / 4, Runtime.getRuntime().maxMemory() / 8 / 24);

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Connection control;
    private final ChangedKeys keys;
    private final PgOutputDecoder decoder;
    private final long fromLsn;
    private ReplicationStream stream;
    private long readThrough;

    ChangesSince(
            SourceConfig config,
            LedgerDatabase database,
            Connection control,
            Ledger ledger,
            Checkpoint checkpoint,
            long fromLsn) {
        this.config = config;
        this.database = database;
        this.control = control;
        this.keys = new ChangedKeys(ledger, checkpoint.keys(), MOST);
        this.decoder = new PgOutputDecoder(keys);
        this.fromLsn = fromLsn;
        this.readThrough = fromLsn;
    }

    /** What was found so far. */
    ChangedKeys keys() {
        return keys;
    }

    /** Reads what has come, for so long at most, and tells the server that somebody reads. */
    void readSome(long nanos) throws SQLException {
        long begin = System.nanoTime();
        while (!keys.isOverflowed() && System.nanoTime() - begin < nanos) {
            ByteBuffer message = open().readPending();
            if (message == null) {
                return;
            }
            decoder.decode(message);
        }
    }

    /**
     * Reads on until everything that was committed before {@code lsn} has been read, or until there are too many keys.
     *
     * @param stopped whether to end at once
     * @throws InterruptedException when stopped
     */
    void readThrough(long lsn, BooleanSupplier stopped) throws SQLException, InterruptedException {
        boolean all = Long.compareUnsigned(readThrough, lsn) >= 0;
        while (!all && !keys.isOverflowed()) {
            if (stopped.getAsBoolean()) {
                throw new InterruptedException();
            }
            ByteBuffer message = open().readPending();
            if (message != null) {
                decoder.decode(message);
            } else if (keys.inTransaction() || Long.compareUnsigned(stream.lastReceivedLsn(), lsn) < 0) {
                LockSupport.parkNanos(IDLE_PAUSE_NANOS);
            } else {
                all = true;
                readThrough = lsn;
            }
        }
    }

    private ReplicationStream open() throws SQLException {
        if (stream == null) {
            stream = ReplicationStream.start(
                    database.connectForReplication(), config.slotName(), config.publicationName(), fromLsn);
        }
        return stream;
    }

    /** Leaves the slot to the stream. */
    @Override
    public void close() throws SQLException {
        ReplicationStream open = stream;
        stream = null;
        if (open != null) {
            open.close();
            Slot.awaitFree(control, config.slotName());
        }
    }
}
