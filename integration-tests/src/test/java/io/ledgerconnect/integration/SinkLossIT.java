package io.ledgerconnect.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records that are gone before the sink has read them. */
@ExtendWith(SharedPipeline.class)
final class SinkLossIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, word text";

    @Test
    void stopsBeforeTheFirstOfAllRecords(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "lost_first", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            flow.startSource(onePartition(flow));
            flow.ledger("INSERT INTO lost_first SELECT g, 'row ' || g FROM generate_series(1, 10) g");
            awaitRecords(kafka, flow, 10);
            kafka.deleteBefore(partition(flow), 4);

            pipeline.rest().putConnector(flow.sink(), flow.sinkConfig());
            assertThat(flow.awaitFailure(flow.sink()))
                    .contains("sequence 1 is missing", flow.topic() + "-0 goes on at offset 4 with sequence 5");
            assertThat(flow.status().orElseThrow().gap())
                    .contains("public.lost_first partition 0", "sequence 1 is missing");
            assertThat(flow.askReporting("SELECT to_regclass('reporting.lost_first')"))
                    .as("nothing is written")
                    .isNull();
        }
    }

    @Test
    void stopsAfterTheLastRecordBeforeTheGap(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "lost_later", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            flow.startSource(onePartition(flow));
            flow.ledger("INSERT INTO lost_later SELECT g, 'row ' || g FROM generate_series(1, 10) g");
            flow.startSink();
            flow.awaitComplete();
            String before = flow.digest();
            flow.stop(flow.sink());
            flow.ledger("UPDATE lost_later SET word = word || '!'");
            awaitRecords(kafka, flow, 20);
            kafka.deleteBefore(partition(flow), 13);

            pipeline.rest().resume(flow.sink());
            assertThat(flow.awaitFailure(flow.sink())).contains("sequence 11 is missing", "with sequence 14");
            assertThat(flow.status().orElseThrow().gap()).contains("sequence 11 is missing", "goes on with 14");
            assertThat(flow.digest()).as("nothing after the gap is written").isEqualTo(before);
        }
    }

    @Test
    void stopsWhereNothingFollowsTheLostRecords(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "lost_last", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            flow.startSource(onePartition(flow));
            flow.ledger("INSERT INTO lost_last SELECT g, 'row ' || g FROM generate_series(1, 10) g");
            flow.startSink();
            flow.awaitComplete();
            flow.stop(flow.sink());
            flow.ledger("UPDATE lost_last SET word = word || '!'");
            awaitRecords(kafka, flow, 20);
            kafka.deleteBefore(partition(flow), 20);

            pipeline.rest().resume(flow.sink());
            assertThat(flow.awaitFailure(flow.sink()))
                    .contains("sequence 11 is missing", flow.topic() + "-0 brings nothing from offset 10 on");
            assertThat(flow.status().orElseThrow().gap()).contains("sequence 11 is missing", "brings nothing more");
        }
    }

    /** By a copy of the topic's log that is not quite one. */
    @Test
    void stopsAtARecordThatWasAltered(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "record_altered", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            flow.startSource(onePartition(flow));
            flow.ledger("INSERT INTO record_altered SELECT g, 'row ' || g FROM generate_series(1, 10) g");
            flow.startSink();
            flow.awaitComplete();
            String before = flow.digest();
            flow.stop(flow.sink());
            flow.ledger("UPDATE record_altered SET word = word || '!'");
            awaitRecords(kafka, flow, 20);
            kafka.rewrite(partition(flow), 10, SinkLossIT::withAnotherSeventhRow);

            pipeline.rest().resume(flow.sink());
            assertThat(flow.awaitFailure(flow.sink()))
                    .contains(flow.topic() + "-0 offset 26", "not what the source connector sent", "repair");
            assertThat(flow.digest()).as("nothing of its batch is written").isEqualTo(before);
        }
    }

    private static ConsumerRecord<byte[], byte[]> withAnotherSeventhRow(ConsumerRecord<byte[], byte[]> record) {
        String value = new String(record.value(), StandardCharsets.UTF_8).replace("row 7!", "row 8!");
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                0,
                0,
                record.key(),
                value.getBytes(StandardCharsets.UTF_8),
                record.headers(),
                record.leaderEpoch());
    }

    /** What the operations guide says. */
    @Test
    void goesOnAfterTheSourceWasBegunAnew(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "lost_anew", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            flow.startSource(onePartition(flow));
            flow.ledger("INSERT INTO lost_anew SELECT g, 'row ' || g FROM generate_series(1, 10) g");
            flow.start(flow.sink(), flow.appendingSinkConfig());
            flow.awaitComplete();
            flow.stop(flow.sink());
            flow.ledger("INSERT INTO lost_anew SELECT g, 'row ' || g FROM generate_series(11, 20) g");
            awaitRecords(kafka, flow, 20);
            kafka.deleteBefore(partition(flow), 13);
            pipeline.rest().resume(flow.sink());
            flow.awaitFailure(flow.sink());

            flow.stop(flow.source());
            Waiting.patiently("the slot is dropped").ignoreExceptions().until(() -> {
                flow.ledger("SELECT pg_drop_replication_slot('lost_anew')");
                return true;
            });
            pipeline.rest().deleteOffsets(flow.source());
            flow.resume(flow.source());
            Map<String, String> replacing = flow.appendingSinkConfig();
            replacing.put("resnapshot.mode", "replace");
            flow.start(flow.sink(), replacing);
            AuditReport report = flow.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
            assertThat(flow.status().orElseThrow().gap()).isNull();
        }
    }

    private static Map<String, String> onePartition(TableFlow flow) {
        Map<String, String> config = flow.sourceConfig();
        config.put("topic.creation.default.partitions", "1");
        return config;
    }

    private static TopicPartition partition(TableFlow flow) {
        return new TopicPartition(flow.topic(), 0);
    }

    private static void awaitRecords(Kafka kafka, TableFlow flow, long count) {
        Waiting.patiently(count + " records").until(() -> kafka.end(flow.topic()) == count);
    }
}
