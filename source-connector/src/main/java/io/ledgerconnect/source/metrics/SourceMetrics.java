package io.ledgerconnect.source.metrics;

import static io.ledgerconnect.common.metrics.Metric.number;
import static io.ledgerconnect.common.metrics.Metric.text;

import io.ledgerconnect.common.metrics.Metric;
import io.ledgerconnect.common.metrics.MetricGroup;
import io.ledgerconnect.common.metrics.Reading;
import io.ledgerconnect.source.capture.CaptureProgress;
import io.ledgerconnect.source.capture.CaptureProgress.State;
import io.ledgerconnect.source.replication.SlotHealth;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All metrics of the source connector, once each. {@code docs/metrics-source.md} is written from this list. */
public final class SourceMetrics {
    /** In the order in which they are numbered, which dashboards rely on. */
    private static final List<String> STATES = List.of("starting", "snapshot", "streaming", "interrupted");

    /** In the order in which they are numbered: the further, the nearer to a loss. */
    private static final List<String> WAL_STATUSES = List.of("reserved", "extended", "unreserved", "lost");

    static final List<MetricGroup<CaptureProgress>> GROUPS = List.of(
            new MetricGroup<>("State", state()),
            new MetricGroup<>("Lag", lag()),
            new MetricGroup<>("Rates", rates()),
            new MetricGroup<>("Queue", queue()),
            new MetricGroup<>("Slot", slot()),
            new MetricGroup<>("Snapshot", snapshot()));

    private SourceMetrics() {}

    /** All of them, of one capture. */
    public static List<Reading> of(CaptureProgress progress) {
        return MetricGroup.readings(GROUPS, progress);
    }

    private static List<Metric<CaptureProgress>> state() {
        return List.of(
                text(
                        "state",
                        "What the capture does: starting (connecting, checks, creating the slot), snapshot, streaming, or"
                                + " interrupted (a fault that is waited out). A failed task has no metrics.",
                        progress -> name(progress.state())),
                number(
                        "state-code",
                        "The same as a number: " + numbered(STATES) + ".",
                        progress -> STATES.indexOf(name(progress.state()))),
                number(
                        "interruptions-total",
                        "How often the capture was interrupted since the task started.",
                        CaptureProgress::interruptions));
    }

    private static List<Metric<CaptureProgress>> lag() {
        return List.of(
                number(
                        "lag-bytes",
                        "WAL that the ledger has written and of which Connect has not taken the changes. While a large"
                                + " transaction is under way it counts from the transaction before; during a snapshot, from the"
                                + " position the snapshot stands for.",
                        CaptureProgress::lagBytes),
                number(
                        "lag-seconds",
                        "How old the state of the ledger is that Connect has taken, by the ledger's own clock. It goes on"
                                + " growing when the ledger cannot be reached. On an idle ledger it moves between"
                                + " watermark.interval.ms and a little more than twice that.",
                        CaptureProgress::lagSeconds),
                text(
                        "captured-lsn",
                        "Connect has taken everything that committed before this WAL address.",
                        CaptureProgress::takenLsn),
                number(
                        "watermark-age-seconds",
                        "Time since Connect took a watermark. More than a few times watermark.interval.ms: nothing flows,"
                                + " or one transaction is very large.",
                        CaptureProgress::secondsSinceWatermark));
    }

    private static List<Metric<CaptureProgress>> rates() {
        return List.of(
                number(
                        "records-total",
                        "Records that Connect has taken since the task started: changes, tombstones, transaction metadata"
                                + " and watermarks.",
                        CaptureProgress::records),
                number("record-rate", "The same per second, in the last minute.", CaptureProgress::recordsPerSecond),
                number(
                        "transactions-total",
                        "Transactions of the ledger that Connect has taken whole since the task started.",
                        CaptureProgress::transactions),
                number(
                        "transaction-rate",
                        "The same per second, in the last minute.",
                        CaptureProgress::transactionsPerSecond),
                number(
                        "bytes-total",
                        "Bytes that the ledger sent for these records since the task started: messages of the stream and"
                                + " rows of the snapshot.",
                        CaptureProgress::bytes),
                number("byte-rate", "The same per second, in the last minute.", CaptureProgress::bytesPerSecond));
    }

    private static List<Metric<CaptureProgress>> queue() {
        return List.of(
                number(
                        "queue-fill-percent",
                        "How full the queue between capture and Connect is. Near 100 all the time: Connect and Kafka are"
                                + " the slower side; near 0 with a lag that grows: the ledger or the capture is.",
                        progress -> 100 * progress.queueShare()),
                number("queue-records", "Records in the queue.", CaptureProgress::queuedRecords),
                number(
                        "queue-transactions",
                        "Transactions of the ledger that end in the queue: the part of the lag that can be counted in"
                                + " transactions.",
                        CaptureProgress::queuedTransactions));
    }

    private static List<Metric<CaptureProgress>> slot() {
        return List.of(
                slotBytes(
                        "slot-retained-bytes",
                        "WAL that the slot holds back on the ledger's disk, also for transactions still under way.",
                        SlotHealth::retained),
                slotBytes(
                        "slot-unconfirmed-bytes",
                        "WAL written since the position that is confirmed to the slot, which follows the offset that Connect"
                                + " has stored. With lag-bytes small: offsets are not stored.",
                        SlotHealth::unconfirmed),
                slotBytes(
                        "slot-safe-wal-bytes",
                        "WAL that may still be written before the ledger gives the slot up (safe_wal_size); may be negative."
                                + " NaN without max_slot_wal_keep_size.",
                        SlotHealth::safe),
                number(
                        "slot-retained-percent",
                        "slot-retained-bytes as a share of max_slot_wal_keep_size. NaN without it.",
                        progress -> progress.slot()
                                .map(SourceMetrics::retainedPercent)
                                .orElse(Double.NaN)),
                text(
                        "slot-wal-status",
                        "What the ledger says of the slot's WAL (wal_status): reserved, extended (more than max_wal_size is"
                                + " held back), unreserved (it may be removed at any time) or lost. Empty when there is no slot.",
                        progress -> progress.slot().map(SlotHealth::walStatus).orElse("")),
                number(
                        "slot-wal-status-code",
                        "The same as a number: " + numbered(WAL_STATUSES) + "; -1 for any other.",
                        progress -> progress.slot()
                                .map(SlotHealth::walStatus)
                                .map(WAL_STATUSES::indexOf)
                                .map(Integer::doubleValue)
                                .orElse(Double.NaN)),
                number(
                        "slot-age-seconds",
                        "Time since the ledger was asked for the figures of the slot, which it is every 5 s while the"
                                + " capture runs.",
                        CaptureProgress::secondsSinceSlot));
    }

    private static List<Metric<CaptureProgress>> snapshot() {
        return List.of(
                number(
                        "snapshot-progress-percent",
                        "How much of the snapshot has been read, by the tables' blocks, with what earlier tasks read of it. 100"
                                + " when it is complete, or when there is none to read. Of a snapshot that is asked for while"
                                + " the stream goes on, as all snapshot figures: since it began or the task did.",
                        progress -> 100 * progress.snapshot().share()),
                number(
                        "snapshot-rows-total",
                        "Rows of the snapshot that the task has read. One that goes on with an interrupted snapshot begins at 0.",
                        progress -> progress.snapshot().rows()),
                number(
                        "snapshot-row-rate",
                        "The same per second, since the task's snapshot began. NaN when there is none to read.",
                        progress ->
                                progress.snapshot().rows() / progress.snapshot().seconds()),
                number(
                        "snapshot-elapsed-seconds",
                        "How long the task's snapshot has been going on, or took.",
                        progress -> progress.snapshot().seconds()),
                number(
                        "snapshot-remaining-seconds",
                        "How long it will go on at the pace so far; NaN at first.",
                        progress -> progress.snapshot().secondsLeft()));
    }

    private static Metric<CaptureProgress> slotBytes(
            String name, String description, Function<SlotHealth, OptionalLong> bytes) {
        return number(
                name,
                description,
                progress -> progress.slot().map(bytes).map(SourceMetrics::orNaN).orElse(Double.NaN));
    }

    private static double retainedPercent(SlotHealth slot) {
        return 100 * orNaN(slot.retained()) / orNaN(slot.limit());
    }

    private static double orNaN(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : Double.NaN;
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String numbered(List<String> names) {
        return names.stream().map(name -> names.indexOf(name) + " " + name).collect(Collectors.joining(", "));
    }
}
