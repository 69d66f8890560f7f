package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Kafka does not take waits or stops the source, and nothing is missing once it is mended as the guide says. */
@ExtendWith(SharedPipeline.class)
final class KafkaRefusesIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, word text";

    @Test
    void aRecordThatIsTooLargeStopsUntilItIsAllowed(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "large", COLUMNS)) {
            flow.startSource();
            flow.startSink();
            flow.ledger("INSERT INTO large VALUES (1, repeat('x', 3200000)), (2, 'after it')");
            assertThat(flow.awaitFailure(flow.source()))
                    .contains("RecordTooLargeException", "which is larger than 1048576", "max.request.size");

            Map<String, String> config = flow.sourceConfig();
            config.put("producer.override.max.request.size", "16777216");
            flow.start(flow.source(), config);
            assertThat(flow.audit().differences()).isEmpty();
        }
    }

    @Test
    void aTopicThatLacksPartitionsGoesOnOnceItHasThem(Pipeline pipeline) throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "lacking", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            kafka.create(flow.topic(), 1);
            flow.ledger("INSERT INTO lacking SELECT g, 'row ' || g FROM generate_series(1, 100) g");
            flow.start(flow.source(), flow.sourceConfig());
            patiently("the slot streams")
                    .until(() -> "t"
                            .equals(flow.askLedger(
                                    "SELECT active FROM pg_replication_slots WHERE slot_name = 'lacking'")));
            kafka.widen(flow.topic(), 3);
            flow.startSink();
            assertThat(flow.audit().differences()).isEmpty();
        }
    }
}
