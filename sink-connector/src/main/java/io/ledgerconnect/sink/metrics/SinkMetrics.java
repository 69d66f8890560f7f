package io.ledgerconnect.sink.metrics;

import static io.ledgerconnect.common.metrics.Metric.number;
import static io.ledgerconnect.common.metrics.Metric.text;

import io.ledgerconnect.common.metrics.Metric;
import io.ledgerconnect.common.metrics.MetricGroup;
import io.ledgerconnect.common.metrics.Reading;
import io.ledgerconnect.sink.metrics.SinkMeters.State;
import java.util.List;
import java.util.Locale;

/** All metrics of the sink connector, once each. {@code docs/metrics-sink.md} is written from this list. */
public final class SinkMetrics {
    /** In the order in which they are numbered, which dashboards rely on. */
    private static final List<State> STATES = List.of(State.STARTING, State.WRITING, State.INTERRUPTED);

    static final List<MetricGroup<SinkMeters>> GROUPS = List.of(
            new MetricGroup<>("State", state()),
            new MetricGroup<>("Lag", lag()),
            new MetricGroup<>("The pipeline", pipeline()),
            new MetricGroup<>("Rates", rates()),
            new MetricGroup<>("Time", time()));

    static final MetricGroup<TableMeters> OF_TABLES = new MetricGroup<>("By table", table());

    private SinkMetrics() {}

    /** All of them, of one task. */
    public static List<Reading> of(SinkMeters meters) {
        return MetricGroup.readings(GROUPS, meters);
    }

    /** Those of one table that a task writes. */
    public static List<Reading> of(TableMeters meters) {
        return MetricGroup.readings(List.of(OF_TABLES), meters);
    }

    private static List<Metric<SinkMeters>> state() {
        return List.of(
                text(
                        "state",
                        "What the task does: starting (nothing was handed over yet), writing, or interrupted (the reporting"
                                + " store cannot be written, which is waited out). A failed task has no metrics.",
                        meters -> name(meters.state())),
                number(
                        "state-code",
                        "The same as a number: 0 starting, 1 writing, 2 interrupted.",
                        meters -> STATES.indexOf(meters.state())),
                number(
                        "interruptions-total",
                        "How often the reporting store could not be written since the task started, however long each time.",
                        meters -> meters.interruptions().total()),
                number("interrupted-seconds", "For how long now; 0 when it can.", SinkMeters::interruptedSeconds),
                number(
                        "retries-total",
                        "Tries that failed, since the task started.",
                        meters -> meters.retries().total()));
    }

    private static List<Metric<SinkMeters>> lag() {
        return List.of(
                number(
                        "lag-seconds",
                        "Time since the ledger committed the newest change that the task has applied, or found applied. It"
                                + " grows while the ledger is idle, too.",
                        SinkMeters::lagSeconds),
                number(
                        "latency-seconds",
                        "How old the newest change of the last batch was, by the ledger's commit, when the batch was committed"
                                + " in the reporting store.",
                        SinkMeters::latencySeconds),
                number(
                        "watermark-lag-seconds",
                        "Time since the ledger's commit of which the newest watermark tells that the task has applied. It"
                                + " follows the clock on an idle ledger, too. NaN in tasks that do not read the watermarks.",
                        SinkMeters::watermarkLagSeconds),
                number(
                        "watermark-age-seconds",
                        "Time since a watermark came. More than a few times the source's watermark.interval.ms: nothing"
                                + " flows. NaN in tasks that do not read the watermarks.",
                        SinkMeters::watermarkAgeSeconds),
                number(
                        "dimension-wait-seconds",
                        "For how long now the partition has waited that waits longest for a dimension (missing=wait); 0 when"
                                + " none does. While they follow each other, below the source's watermark.interval.ms.",
                        SinkMeters::dimensionWaitSeconds),
                number(
                        "dimension-waits-total",
                        "How often a table's partition has begun to wait for a dimension since the task started.",
                        meters -> meters.dimensionWaits().total()));
    }

    private static List<Metric<SinkMeters>> pipeline() {
        return List.of(
                number(
                        "complete-lag-seconds",
                        "Time since the commit through which the reporting store is complete (complete_through_time of"
                                + " ledger_connect.status): the lag that counts. NaN while nothing is complete.",
                        SinkMeters::completeLagSeconds),
                number(
                        "quarantined-records",
                        "Records in the quarantine that are neither applied nor superseded.",
                        SinkMeters::quarantinedRecords),
                number("gap", "1 when ledger_connect.status shows a gap, else 0.", SinkMeters::gap),
                number(
                        "status-age-seconds",
                        "Time since the reporting store was asked for these, which it is every 10 s while it can be"
                                + " written.",
                        SinkMeters::statusAgeSeconds));
    }

    private static List<Metric<SinkMeters>> rates() {
        return List.of(
                number(
                        "records-total",
                        "Records that were committed since the task started: changes, watermarks and what tells the sink"
                                + " nothing.",
                        meters -> meters.records().total()),
                number(
                        "record-rate",
                        "The same per second, in the last minute.",
                        meters -> meters.records().perSecond()),
                number(
                        "rows-total",
                        "Changes that were written to reporting tables since the task started.",
                        meters -> meters.rows().total()),
                number(
                        "row-rate",
                        "The same per second, in the last minute.",
                        meters -> meters.rows().perSecond()),
                number(
                        "skipped-total",
                        "Changes that were recognised as applied since the task started: repeats, and what another task or"
                                + " cluster brought.",
                        meters -> meters.skipped().total()),
                number(
                        "skipped-rate",
                        "The same per second, in the last minute.",
                        meters -> meters.skipped().perSecond()),
                number(
                        "quarantined-total",
                        "Records that the task has put into the quarantine since it started.",
                        meters -> meters.quarantined().total()),
                number(
                        "batches-total",
                        "Batches that were committed since the task started: one transaction each.",
                        meters -> meters.batches().total()),
                number(
                        "batch-rate",
                        "The same per second, in the last minute.",
                        meters -> meters.batches().perSecond()),
                number("last-batch-rows", "Changes that the last batch wrote.", SinkMeters::lastBatchRows));
    }

    private static List<Metric<SinkMeters>> time() {
        return List.of(
                number(
                        "busy-percent",
                        "Share of the last minute in which the task wrote. Near 100: the reporting store is the slower side;"
                                + " low with a lag that grows: Kafka or the worker is.",
                        SinkMeters::busyPercent),
                number(
                        "lock-total-seconds",
                        "Time since the task started, in transactions that were committed, for a connection, and for locking"
                                + " and reading the applied positions. Much of it: tasks or clusters wait for each other.",
                        meters -> meters.seconds(WritePhase.LOCK)),
                number(
                        "copy-total-seconds",
                        "The same for encoding rows and sending them by COPY.",
                        meters -> meters.seconds(WritePhase.COPY)),
                number(
                        "merge-total-seconds",
                        "The same for the statements that write the staged rows into their tables.",
                        meters -> meters.seconds(WritePhase.MERGE)),
                number(
                        "state-total-seconds",
                        "The same for moving the applied positions, for watermarks and quarantine.",
                        meters -> meters.seconds(WritePhase.STATE)),
                number(
                        "commit-total-seconds",
                        "The same for the commit: the reporting store's disk, and the standbys that it waits for.",
                        meters -> meters.seconds(WritePhase.COMMIT)));
    }

    private static List<Metric<TableMeters>> table() {
        return List.of(
                number(
                        "table-rows-total",
                        "Changes that the task has written to the table since it started.",
                        table -> table.rows().total()),
                number(
                        "table-row-rate",
                        "The same per second, in the last minute.",
                        table -> table.rows().perSecond()),
                number(
                        "table-batches-total",
                        "Batches with changes of the table.",
                        table -> table.batches().total()),
                number(
                        "table-quarantined-total",
                        "Records that the table refused and the task has put into the quarantine.",
                        table -> table.quarantined().total()));
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
