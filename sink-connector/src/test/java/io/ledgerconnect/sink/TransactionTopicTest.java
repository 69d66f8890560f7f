package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A topic that a pattern matches beside those of tables: BEGIN and END of transactions. */
class TransactionTopicTest {
    private static final Schema BOUND = SchemaBuilder.struct()
            .name("io.debezium.connector.common.TransactionMetadataValue")
            .field("status", Schema.STRING_SCHEMA)
            .build();

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, true);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void bound(String status) {
        topics.append("ledger.transaction", 0, null, null, BOUND, new Struct(BOUND).put("status", status), List.of());
    }

    @Test
    void isPassedBy() {
        bound("BEGIN");
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.drain();
            source.transaction(0x200).insert(1, 10);
            bound("END");
            source.watermark(0x250);
            sink.drain();
            assertThat(sink.committed(new TopicPartition("ledger.transaction", 0)))
                    .as("read once")
                    .isEqualTo(2);
        }
        assertThat(store.rows("SELECT id, amount, _lsn FROM reporting.transfers"))
                .containsExactly("1|10|0/200");
        assertThat(store.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'reporting'"))
                .containsExactly("transfers");
        assertThat(store.rows("SELECT complete_through_lsn, quarantined, gap FROM ledger_connect.status"))
                .containsExactly("0/250|0|");
    }
}
