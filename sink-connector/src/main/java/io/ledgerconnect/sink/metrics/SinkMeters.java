package io.ledgerconnect.sink.metrics;

import io.ledgerconnect.common.metrics.Meter;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Batch;
import io.ledgerconnect.sink.write.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What a task has written, how long that took, and how far behind it is. Written per batch, never per row. Thread-safe:
 * the task's thread writes, anyone reads.
 *
 * <p>Numbers are NaN while they are not known.
 */
public final class SinkMeters {
    /** What the task does. */
    public enum State {
        STARTING,
        WRITING,
        INTERRUPTED
    }

    /** More would be too many for whoever collects the metrics; tables beyond count in the totals only. */
    private static final int MOST_TABLES = 1000;

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BiConsumer<TableName, TableMeters> newTable;
    private final Map<TableName, TableMeters> tables = new HashMap<>();
    private final Meter records;
    private final Meter rows;
    private final Meter skipped;
    private final Meter batches;
    private final Meter quarantined;
    private final Meter dimensionWaits;
    private final Meter interruptions;
    private final Meter retries;
    private final Meter busyNanos;
    private final Map<WritePhase, Meter> phaseNanos = new EnumMap<>(WritePhase.class);

    private volatile State state = State.STARTING;
    private volatile OptionalLong interruptedNanos = OptionalLong.empty();
    private volatile OptionalLong watermarkNanos = OptionalLong.empty();
    private volatile OptionalLong statusNanos = OptionalLong.empty();
    private volatile double lastBatchRows = Double.NaN;
    private volatile double latencySeconds = Double.NaN;
    private volatile Optional<Instant> dimensionWaitSince = Optional.empty();
    /** Commit times by the ledger's clock, µs since 1970; 0 while nothing was applied. */
    private volatile long appliedMicros;

    private volatile long watermarkMicros;
    private volatile StoreStatus status;

    /** @param newTable is told of every table that is written for the first time, with what is counted of it */
    public SinkMeters(Clock clock, LongSupplier nanoTime, BiConsumer<TableName, TableMeters> newTable) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.newTable = newTable;
        records = new Meter(nanoTime);
        rows = new Meter(nanoTime);
        skipped = new Meter(nanoTime);
        batches = new Meter(nanoTime);
        quarantined = new Meter(nanoTime);
        dimensionWaits = new Meter(nanoTime);
        interruptions = new Meter(nanoTime);
        retries = new Meter(nanoTime);
        busyNanos = new Meter(nanoTime);
        for (WritePhase phase : WritePhase.values()) {
            phaseNanos.put(phase, new Meter(nanoTime));
        }
    }

    /** A transaction begins. */
    public WriteTimes begin() {
        return new WriteTimes(nanoTime);
    }

    /**
     * A batch was committed.
     *
     * @param written changes by table, with those that were refused
     */
    public void committed(
            Batch batch, Progress progress, Map<TableName, Integer> written, List<Refusal> refused, WriteTimes times) {
        int changes = written.values().stream().mapToInt(Integer::intValue).sum() - refused.size();
        records.add((long) batch.changes().size()
                - progress.heldBack()
                + batch.watermarks().size()
                + batch.passedBy().size());
        rows.add(changes);
        lastBatchRows = changes;
        skipped.add(progress.skipped());
        batches.add(1);
        quarantined.add(refused.size());
        written.forEach((table, count) -> of(table).wrote(count));
        refused.forEach(refusal -> of(refusal.table()).refused());
        for (WritePhase phase : WritePhase.values()) {
            phaseNanos.get(phase).add(times.nanos(phase));
        }
        busyNanos.add(times.totalNanos());
        commits(batch, progress);
    }

    /** Changes of a channel begin to wait for a dimension. */
    public void waitBegins() {
        dimensionWaits.add(1);
    }

    /** Since when the channel waits that waits longest for a dimension; nothing when none does. */
    public void waitsSince(Optional<Instant> since) {
        dimensionWaitSince = since;
    }

    private void commits(Batch batch, Progress progress) {
        long newest = 0;
        for (ChannelCursor cursor : progress.moved()) {
            newest = Math.max(newest, cursor.last().header().committedAtMicros());
        }
        if (newest > 0) {
            latencySeconds = secondsSince(newest);
        }
        if (!batch.watermarks().isEmpty()) {
            watermarkNanos = OptionalLong.of(nanoTime.getAsLong());
            long watermark = batch.watermarks().stream()
                    .mapToLong(seen -> seen.watermark().committedAtMicros())
                    .max()
                    .orElse(0);
            watermarkMicros = Math.max(watermarkMicros, watermark);
        }
        appliedMicros = Math.max(appliedMicros, newest);
    }

    private TableMeters of(TableName table) {
        TableMeters known = tables.get(table);
        if (known == null) {
            known = new TableMeters(nanoTime);
            if (tables.size() < MOST_TABLES) {
                tables.put(table, known);
                newTable.accept(table, known);
            }
        }
        return known;
    }

    /** A put went well. */
    public void succeeded() {
        state = State.WRITING;
        interruptedNanos = OptionalLong.empty();
    }

    /** The reporting store cannot be written; it will be tried again. */
    public void interrupted() {
        retries.add(1);
        if (state != State.INTERRUPTED) {
            interruptions.add(1);
            interruptedNanos = OptionalLong.of(nanoTime.getAsLong());
            state = State.INTERRUPTED;
        }
    }

    /** The reporting store was asked how the pipeline stands. */
    public void status(StoreStatus found) {
        status = found;
        statusNanos = OptionalLong.of(nanoTime.getAsLong());
    }

    private double secondsSince(long micros) {
        return micros == 0
                ? Double.NaN
                : Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()) - micros) / 1e6;
    }

    private double elapsed(OptionalLong nanos) {
        return nanos.isEmpty() ? Double.NaN : (nanoTime.getAsLong() - nanos.getAsLong()) / 1e9;
    }

    State state() {
        return state;
    }

    double interruptedSeconds() {
        OptionalLong since = interruptedNanos;
        return since.isEmpty() ? 0 : elapsed(since);
    }

    double lagSeconds() {
        return secondsSince(appliedMicros);
    }

    double latencySeconds() {
        return latencySeconds;
    }

    double watermarkLagSeconds() {
        return secondsSince(watermarkMicros);
    }

    double watermarkAgeSeconds() {
        return elapsed(watermarkNanos);
    }

    double completeLagSeconds() {
        StoreStatus known = status;
        return known == null ? Double.NaN : secondsSince(known.completeMicros());
    }

    double quarantinedRecords() {
        StoreStatus known = status;
        return known == null ? Double.NaN : known.quarantined();
    }

    double gap() {
        StoreStatus known = status;
        return known == null ? Double.NaN : known.gap() ? 1 : 0;
    }

    double statusAgeSeconds() {
        return elapsed(statusNanos);
    }

    double dimensionWaitSeconds() {
        return dimensionWaitSince
                .map(since -> Duration.between(since, clock.instant()).toMillis() / 1e3)
                .orElse(0.0);
    }

    Meter dimensionWaits() {
        return dimensionWaits;
    }

    double lastBatchRows() {
        return lastBatchRows;
    }

    double seconds(WritePhase phase) {
        return phaseNanos.get(phase).total() / 1e9;
    }

    double busyPercent() {
        return 100 * busyNanos.perSecond() / 1e9;
    }

    Meter records() {
        return records;
    }

    Meter rows() {
        return rows;
    }

    Meter skipped() {
        return skipped;
    }

    Meter batches() {
        return batches;
    }

    Meter quarantined() {
        return quarantined;
    }

    Meter interruptions() {
        return interruptions;
    }

    Meter retries() {
        return retries;
    }
}
