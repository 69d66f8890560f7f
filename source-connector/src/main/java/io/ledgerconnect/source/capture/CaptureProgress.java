package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.metrics.Meter;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.record.BatchExtent;
import io.ledgerconnect.source.record.RecordBatch;
import io.ledgerconnect.source.replication.SlotHealth;
import io.ledgerconnect.source.snapshot.SnapshotProgress;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How far a capture has come, what it waits for and how fast it is. It is written per batch, never per row.
 * Thread-safe: the capturing thread and Connect's task thread write each their own fields, anyone reads.
 *
 * <p>Numbers are NaN while they are not known.
 */
public final class CaptureProgress {
    /** What the capture does. */
    public enum State {
        STARTING,
        SNAPSHOT,
        STREAMING,
        INTERRUPTED
    }

    /** Where the server's WAL ended, and how far its clock is ahead of this one. */
    private record Server(long walLsn, long aheadMicros) {}

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BatchQueue queue;
    private final Meter records;
    private final Meter transactions;
    private final Meter bytes;
    private final Meter interruptions;

    private volatile State state = State.STARTING;
    private volatile SnapshotProgress snapshot = SnapshotProgress.NONE;
    private volatile Server server;
    private volatile SlotHealth slot;
    private volatile OptionalLong slotNanos = OptionalLong.empty();
    private volatile OptionalLong watermarkNanos = OptionalLong.empty();
    /** Everything that committed before it has been taken by Connect; 0 while nothing has. */
    private volatile long takenLsn;
    /** The same as a time, µs since 1970 by the server's clock; 0 while it is not known. */
    private volatile long takenMicros;

    CaptureProgress(Clock clock, LongSupplier nanoTime, BatchQueue queue) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.queue = queue;
        this.records = new Meter(nanoTime);
        this.transactions = new Meter(nanoTime);
        this.bytes = new Meter(nanoTime);
        this.interruptions = new Meter(nanoTime);
    }

    /** Everything before {@code lsn} was taken by an earlier task. */
    void resumedAt(long lsn) {
        takenLsn = lsn;
    }

    void snapshot(SnapshotProgress progress) {
        state = State.SNAPSHOT;
        snapshot = progress;
    }

    /** How a snapshot goes that is read while the stream goes on. */
    void requested(SnapshotProgress progress) {
        snapshot = progress;
    }

    /** A stream begins or goes on; whatever snapshot it has has been read. */
    void streaming() {
        state = State.STREAMING;
        snapshot = snapshot.share() == 1 ? snapshot : SnapshotProgress.COMPLETE;
    }

    void interrupted() {
        state = State.INTERRUPTED;
        interruptions.add(1);
    }

    /** The server has said where its WAL ends and what time it is. */
    void server(long walLsn, long serverMicros) {
        server = new Server(walLsn, serverMicros - nowMicros());
    }

    /** The server has said how the slot stands; empty: there is none. */
    void slot(Optional<SlotHealth> health) {
        slot = health.orElse(null);
        slotNanos = OptionalLong.of(nanoTime.getAsLong());
        health.ifPresent(found -> server(found.walLsn(), found.serverMicros()));
    }

    /** Connect has taken a batch. */
    void taken(RecordBatch batch) {
        BatchExtent extent = batch.extent();
        records.add(batch.records().size());
        transactions.add(extent.transactions());
        bytes.add(extent.bytes());
        // After an interruption a session reads again what was taken before.
        takenLsn = Long.compareUnsigned(extent.throughLsn(), takenLsn) > 0 ? extent.throughLsn() : takenLsn;
        takenMicros = Math.max(extent.throughMicros(), takenMicros);
        if (extent.watermark()) {
            watermarkNanos = OptionalLong.of(nanoTime.getAsLong());
        }
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    private double secondsSince(OptionalLong nanos) {
        return nanos.isEmpty() ? Double.NaN : (nanoTime.getAsLong() - nanos.getAsLong()) / 1e9;
    }

    public State state() {
        return state;
    }

    public SnapshotProgress snapshot() {
        return snapshot;
    }

    public double interruptions() {
        return interruptions.total();
    }

    /** WAL that the server had written and Connect had not taken. */
    public double lagBytes() {
        Server known = server;
        return known == null || takenLsn == 0 ? Double.NaN : Math.max(0, known.walLsn() - takenLsn);
    }

    /** How old the ledger's state is that Connect has taken, by the ledger's own clock. */
    public double lagSeconds() {
        Server known = server;
        return known == null || takenMicros == 0
                ? Double.NaN
                : Math.max(0, nowMicros() + known.aheadMicros() - takenMicros) / 1e6;
    }

    /** Everything that committed before it has been taken; empty while nothing has. */
    public String takenLsn() {
        return takenLsn == 0 ? "" : Lsn.format(takenLsn);
    }

    public double secondsSinceWatermark() {
        return secondsSince(watermarkNanos);
    }

    public double records() {
        return records.total();
    }

    public double recordsPerSecond() {
        return records.perSecond();
    }

    public double transactions() {
        return transactions.total();
    }

    public double transactionsPerSecond() {
        return transactions.perSecond();
    }

    public double bytes() {
        return bytes.total();
    }

    public double bytesPerSecond() {
        return bytes.perSecond();
    }

    public double queueShare() {
        return queue.share();
    }

    public double queuedRecords() {
        return queue.sum(batch -> batch.records().size());
    }

    public double queuedTransactions() {
        return queue.sum(batch -> batch.extent().transactions());
    }

    /** How the slot stood when the server was asked last; empty when it has not answered yet, or has no such slot. */
    public Optional<SlotHealth> slot() {
        return Optional.ofNullable(slot);
    }

    public double secondsSinceSlot() {
        return secondsSince(slotNanos);
    }
}
