package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ledgerconnect.common.envelope.Operation;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a running task says of itself. */
class SinkMetricsTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final String NAME = "kafka.connect:type=plugins,connector=metered,task=4";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private RunningSink sink(String... settings) {
        Map<String, String> more = new HashMap<>(
                Map.of("name", "metered", ReportingSinkConnector.TASK_NUMBER, "4", "errors.tolerance", "all"));
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        return new RunningSink(store, topics, more);
    }

    private static Object value(String metric) throws Exception {
        return SERVER.getAttribute(new ObjectName(NAME), metric);
    }

    private static Object value(String table, String metric) throws Exception {
        return SERVER.getAttribute(new ObjectName(NAME + ",table=" + table), metric);
    }

    private static double secondsSinceCommits() {
        return (System.currentTimeMillis() * 1000.0 - FakeSource.COMMITTED_AT) / 1e6;
    }

    @Test
    void countsWhatItWritesSkipsAndRefuses() throws Exception {
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY,"
                + " amount bigint CHECK (amount > 0), note text, _lsn pg_lsn, _committed_at timestamptz)");
        topics.repeat(source.transaction(0x200).insert(1, 10));
        source.transaction(0x300).insert(2, -1);
        source.transaction(0x400).write("accounts", 1, Operation.CREATE, 7L, 5L, "a");
        source.transaction(0x500).update(1, 11);
        source.watermark(0x501);
        try (RunningSink sink = sink()) {
            sink.drain();
            assertThat(value("state")).isEqualTo("writing");
            assertThat(value("records-total")).isEqualTo(6.0);
            assertThat(value("rows-total")).isEqualTo(3.0);
            assertThat(value("skipped-total")).isEqualTo(1.0);
            assertThat(value("quarantined-total")).isEqualTo(1.0);
            assertThat(value("batches-total")).isEqualTo(1.0);
            assertThat(value("last-batch-rows")).isEqualTo(3.0);
            assertThat((Double) value("row-rate")).isPositive();
            assertThat(value("reporting.transfers", "table-rows-total")).isEqualTo(2.0);
            assertThat(value("reporting.transfers", "table-quarantined-total")).isEqualTo(1.0);
            assertThat(value("reporting.accounts", "table-rows-total")).isEqualTo(1.0);
            assertThat(value("reporting.accounts", "table-batches-total")).isEqualTo(1.0);
            assertThat(value("reporting.accounts", "table-quarantined-total")).isEqualTo(0.0);
        }
        assertThat(SERVER.queryNames(new ObjectName(NAME + ",*"), null)).isEmpty();
    }

    @Test
    void saysHowFarBehindItIsAndWhereTheTimeGoes() throws Exception {
        source.transaction(0x200).insert(1, 10);
        source.watermark(0x201);
        try (RunningSink sink = sink()) {
            sink.drain();
            for (String lag :
                    new String[] {"lag-seconds", "latency-seconds", "watermark-lag-seconds", "complete-lag-seconds"}) {
                assertThat((Double) value(lag)).as(lag).isCloseTo(secondsSinceCommits(), within(60.0));
            }
            assertThat((Double) value("watermark-age-seconds")).isBetween(0.0, 60.0);
            assertThat((Double) value("status-age-seconds")).isBetween(0.0, 60.0);
            assertThat(value("gap")).isEqualTo(0.0);
            assertThat(value("quarantined-records")).isEqualTo(0.0);
            for (String phase : new String[] {"lock", "copy", "merge", "state", "commit"}) {
                assertThat((Double) value(phase + "-total-seconds")).as(phase).isPositive();
            }
            assertThat((Double) value("busy-percent")).isBetween(0.001, 100.0);
        }
    }

    @Test
    void aTaskThatSeesNoWatermarkKnowsNoLagBehindIt() throws Exception {
        source.transaction(0x200).insert(1, 10);
        try (RunningSink sink = sink()) {
            sink.drain();
            assertThat((Double) value("lag-seconds")).isCloseTo(secondsSinceCommits(), within(60.0));
            assertThat((Double) value("watermark-lag-seconds")).isNaN();
            assertThat((Double) value("watermark-age-seconds")).isNaN();
            assertThat((Double) value("complete-lag-seconds")).isNaN();
        }
    }

    @Test
    void aStoreThatCannotBeReachedShows() throws Exception {
        source.transaction(0x200).insert(1, 1);
        try (RunningSink sink = sink("connection.url", "jdbc:postgresql://localhost:1/nowhere?connectTimeout=1")) {
            assertThat(value("state")).isEqualTo("starting");
            assertThatThrownBy(() -> sink.putOnce(sink.poll())).isInstanceOf(RetriableException.class);
            assertThat(value("state")).isEqualTo("interrupted");
            assertThat(value("retries-total")).isEqualTo(1.0);
            assertThat(value("interruptions-total")).isEqualTo(1.0);
            assertThat((Double) value("interrupted-seconds")).isGreaterThanOrEqualTo(0.0);
        }
    }

    @Test
    void everyTaskLearnsItsNumber() {
        ReportingSinkConnector connector = new ReportingSinkConnector();
        connector.start(RunningSink.properties(store, Map.of()));
        assertThat(connector.taskConfigs(3))
                .extracting(config -> config.get(ReportingSinkConnector.TASK_NUMBER))
                .containsExactly("0", "1", "2");
    }

    @Test
    void aGapShows() throws Exception {
        source.transaction(0x200).insert(1, 1);
        topics.delete(source.transaction(0x300).insert(2, 2));
        source.transaction(0x400).insert(3, 3);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain).hasMessageContaining("sequence");
        }
        try (RunningSink again = sink()) {
            again.putOnce(List.of());
            assertThat(value("gap")).isEqualTo(1.0);
        }
    }
}
