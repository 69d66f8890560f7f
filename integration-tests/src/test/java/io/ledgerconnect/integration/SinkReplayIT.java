package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records that the sink gets again, or that two sinks get: nothing changes, not in tables without a key either. */
@ExtendWith(SharedPipeline.class)
final class SinkReplayIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, word text, version int NOT NULL DEFAULT 0";

    private final Pipeline pipeline;
    private TableFlow upserted;
    private TableFlow appended;
    private Kafka kafka;

    SinkReplayIT(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @BeforeEach
    void fillBothTables(TestInfo test) throws SQLException {
        String suffix = test.getTestMethod()
                .orElseThrow()
                .getName()
                .replaceAll("\\P{Upper}", "")
                .toLowerCase(Locale.ROOT);
        kafka = new Kafka(pipeline.kafka());
        upserted = TableFlow.create(pipeline, "replay_upsert_" + suffix, COLUMNS);
        appended = TableFlow.create(pipeline, "replay_append_" + suffix, COLUMNS);
        for (TableFlow flow : List.of(upserted, appended)) {
            flow.ledger(insert(flow, 1, 2000));
            flow.startSource();
        }
        upserted.startSink();
        appended.start(appended.sink(), appended.appendingSinkConfig());
        appended.ledger(insert(appended, 2001, 4000));
        upserted.ledger(insert(upserted, 2001, 4000));
        upserted.ledger("UPDATE " + upserted.table() + " SET version = version + 1 WHERE id % 2 = 0");
        upserted.ledger("DELETE FROM " + upserted.table() + " WHERE id % 3 = 0");
        upserted.awaitComplete();
        appended.awaitComplete();
    }

    @AfterEach
    void close() throws SQLException {
        upserted.close();
        appended.close();
        kafka.close();
    }

    @Test
    void groupIsResetToTheEarliestOffset() throws Exception {
        for (TableFlow flow : List.of(upserted, appended)) {
            replay(flow, () -> {
                JsonNode offsets = pipeline.rest().offsets(flow.sink());
                offsets.path("offsets").forEach(entry -> ((ObjectNode) entry.path("offset")).put("kafka_offset", 0));
                pipeline.rest().alterOffsets(flow.sink(), offsets);
            });
        }
    }

    /** No record follows the ones that are passed over: only the watermarks say that they are there. */
    @Test
    void groupIsMovedPastUnreadRecords() throws Exception {
        appended.stop(appended.sink());
        long before = kafka.end(appended.topic());
        appended.ledger(insert(appended, 9001, 9100));
        patiently("the records are in the topic").until(() -> kafka.end(appended.topic()) == before + 100);
        JsonNode offsets = pipeline.rest().offsets(appended.sink());
        kafka.ends(kafka.partitions(appended.topic()))
                .forEach((partition, end) -> offsets.path("offsets").forEach(entry -> move(entry, partition, end)));
        pipeline.rest().alterOffsets(appended.sink(), offsets);
        appended.resume(appended.sink());
        appended.awaitComplete();
        AuditReport report = appended.audit();
        assertThat(report.differences()).as(report.toString()).isEmpty();
    }

    private static void move(JsonNode entry, TopicPartition to, long offset) {
        JsonNode partition = entry.path("partition");
        if (partition.path("kafka_topic").asText().equals(to.topic())
                && partition.path("kafka_partition").asInt() == to.partition()) {
            ((ObjectNode) entry.path("offset")).put("kafka_offset", offset);
        }
    }

    @Test
    void groupIsDeleted() throws Exception {
        for (TableFlow flow : List.of(upserted, appended)) {
            replay(
                    flow,
                    () -> patiently("the group is deleted").ignoreExceptions().until(() -> {
                        kafka.deleteGroup("connect-" + flow.sink());
                        return true;
                    }));
        }
    }

    @Test
    void sameSinkRunsTwiceAtOnce() throws Exception {
        String before = appended.digest() + upserted.digest();
        appended.start(appended.sink() + "-twin", appended.appendingSinkConfig());
        upserted.start(upserted.sink() + "-twin", upserted.sinkConfig());
        awaitReadThrough(appended, appended.sink() + "-twin");
        awaitReadThrough(upserted, upserted.sink() + "-twin");
        assertThat(appended.digest() + upserted.digest()).isEqualTo(before);

        for (int i = 0; i < 20; i++) {
            appended.ledger(insert(appended, 5000 + i * 100, 5099 + i * 100));
            upserted.ledger(insert(upserted, 5000 + i * 100, 5099 + i * 100));
            upserted.ledger("UPDATE " + upserted.table() + " SET version = version + 1");
        }
        for (TableFlow flow : List.of(upserted, appended)) {
            AuditReport report = flow.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
        }
    }

    private interface Reset {
        void run() throws Exception;
    }

    /** Lets the sink read everything again, and then something new, so that it is known to be behind the old. */
    private void replay(TableFlow flow, Reset reset) throws Exception {
        String before = flow.digest();
        flow.stop(flow.sink());
        reset.run();
        flow.resume(flow.sink());
        awaitReadThrough(flow, flow.sink());
        assertThat(flow.digest()).isEqualTo(before);
        assertThat(flow.status().orElseThrow().gap()).isNull();
        flow.ledger(insert(flow, 9001, 9010));
        AuditReport report = flow.audit();
        assertThat(report.differences()).as(report.toString()).isEmpty();
    }

    /** Waits until the connector's group has committed the ends that the topic has now. */
    private void awaitReadThrough(TableFlow flow, String connector) {
        List<TopicPartition> partitions = kafka.partitions(flow.topic());
        Map<TopicPartition, Long> ends = kafka.ends(partitions);
        patiently(connector + " has read " + ends).until(() -> {
            Map<TopicPartition, Long> committed = kafka.committed("connect-" + connector);
            return partitions.stream()
                    .allMatch(partition -> committed.getOrDefault(partition, -1L) >= ends.get(partition));
        });
    }

    private static String insert(TableFlow flow, int from, int to) {
        return "INSERT INTO " + flow.table() + " (id, word) SELECT g, 'word ' || g FROM generate_series(" + from + ", "
                + to + ") g";
    }
}
