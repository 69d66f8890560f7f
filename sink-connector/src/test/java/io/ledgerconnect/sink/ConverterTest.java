package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.Operation;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records arrive whole through the JSON converter and any header converter. */
class ConverterTest {
    private static final Schema ROW = SchemaBuilder.struct()
            .name("row")
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field(
                    "amount",
                    Decimal.builder(2)
                            .parameter("connect.decimal.precision", "18")
                            .optional()
                            .build())
            .field("data", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();

    private final ReportingStore store = new ReportingStore();
    private final JsonConverter keys = new JsonConverter();
    private final JsonConverter values = new JsonConverter();

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static HeaderConverter headerConverter(String name) {
        return switch (name) {
            case "simple" -> new SimpleHeaderConverter();
            case "string" -> new StringConverter();
            default -> new JsonConverter();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "string", "json"})
    void recordsArriveWhole(String name) throws Exception {
        keys.configure(Map.of(), true);
        values.configure(Map.of(), false);
        Topics sent = new Topics();
        FakeSource source = new FakeSource(sent, "slot", 0x100, false);
        Struct row = new Struct(ROW)
                .put("id", 1L)
                .put("amount", new BigDecimal("12.30"))
                .put("data", new byte[] {1, 2});
        source.transaction(0x200).send("transfers", 0, Operation.CREATE, FakeSource.key(1), null, row, List.of());
        source.tombstone(source.transaction(0x300).insert(2, 5));
        source.watermark(0x310);
        Topics received = new Topics();
        try (HeaderConverter headers = headerConverter(name)) {
            headers.configure(Map.of("converter.type", "header", "schemas.enable", "true"));
            for (TopicPartition partition : sent.partitions()) {
                sent.log(partition).values().forEach(record -> convert(record, headers, received));
            }
        }
        try (RunningSink sink = new RunningSink(store, received, Map.of())) {
            sink.drain();
        }
        assertThat(store.rows("SELECT id, amount, data, _lsn FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|12.30|\\x0102|0/200", "2|5.00||0/300");
        assertThat(store.value("SELECT complete_through_lsn FROM ledger_connect.status"))
                .isEqualTo("0/310");
    }

    private void convert(SinkRecord record, HeaderConverter headerConverter, Topics received) {
        SchemaAndValue key = keys.toConnectData(
                record.topic(), keys.fromConnectData(record.topic(), record.keySchema(), record.key()));
        SchemaAndValue value = values.toConnectData(
                record.topic(), values.fromConnectData(record.topic(), record.valueSchema(), record.value()));
        ConnectHeaders headers = new ConnectHeaders();
        for (Header header : record.headers()) {
            byte[] bytes =
                    headerConverter.fromConnectHeader(record.topic(), header.key(), header.schema(), header.value());
            headers.add(header.key(), headerConverter.toConnectHeader(record.topic(), header.key(), bytes));
        }
        List<Header> all = new java.util.ArrayList<>();
        headers.forEach(all::add);
        received.append(
                record.topic(), record.kafkaPartition(), key.schema(), key.value(), value.schema(), value.value(), all);
    }
}
