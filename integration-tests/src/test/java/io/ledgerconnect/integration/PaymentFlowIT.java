package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ledger.SinkStatus;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPipeline.class)
final class PaymentFlowIT {

    @Test
    void everyPaymentArrivesOnceAndWhole(Pipeline pipeline) throws Exception {
        PaymentFlow.carriesPayments(pipeline);
    }

    @Test
    void everyTypeArrivesAsItIs(Pipeline pipeline) throws Exception {
        PaymentFlow.carriesEveryType(pipeline);
    }

    @Test
    void deleteIsFollowedByATombstoneThatRepeatsItsKeyAndHeader(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "tombstones", "id bigint PRIMARY KEY, word text")) {
            flow.startSource();
            flow.ledger("INSERT INTO tombstones VALUES (7, 'seven')");
            flow.ledger("DELETE FROM tombstones");
            try (Kafka kafka = new Kafka(pipeline.kafka())) {
                patiently("three records").until(() -> kafka.end(flow.topic()) == 3);
                List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll(flow.topic());
                ConsumerRecord<byte[], byte[]> delete = records.get(1);
                ConsumerRecord<byte[], byte[]> tombstone = records.get(2);
                assertThat(new String(delete.value(), StandardCharsets.UTF_8)).contains("\"op\":\"d\"");
                assertThat(tombstone.value()).isNull();
                assertThat(tombstone.key()).isEqualTo(delete.key());
                assertThat(position(tombstone)).isEqualTo(position(delete)).contains("/d/");
            }
        }
    }

    @Test
    void completeThroughAdvancesWhileTheLedgerIsIdle(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "idle", "id bigint PRIMARY KEY")) {
            flow.ledger("INSERT INTO idle VALUES (1)");
            flow.startSource();
            flow.startSink();
            flow.awaitComplete();
            SinkStatus status = flow.status().orElseThrow();
            assertThat(status.quarantined()).isZero();
            assertThat(status.gap()).isNull();
            OffsetDateTime later = status.completeThroughTime().plusSeconds(2);
            patiently("the store is complete through two seconds later")
                    .until(() ->
                            flow.status().orElseThrow().completeThroughTime().isAfter(later));
            // WAL of other tables only: nothing of it comes through the slot, and it must not hold back the server.
            flow.ledger("CREATE TABLE idle_beside AS SELECT generate_series(1, 1000)");
            flow.awaitComplete();
        }
    }

    private static String position(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return new String(kafkaRecord.headers().lastHeader("ledger.position").value(), StandardCharsets.UTF_8);
    }
}
