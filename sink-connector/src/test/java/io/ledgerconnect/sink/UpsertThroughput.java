package io.ledgerconnect.sink;

import io.ledgerconnect.common.envelope.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Prints the rows per second that one task upserts into one table, given records in memory. Not a test: run {@code mvn
 * -q -pl sink-connector -am test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=io.ledgerconnect.sink.UpsertThroughput}, optionally with {@code -Dexec.args="rows rowsPerPut"}.
 */
public final class UpsertThroughput {
    private static final Schema TRANSFER = SchemaBuilder.struct()
            .name("transfer")
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("debit_account", Schema.INT64_SCHEMA)
            .field("credit_account", Schema.INT64_SCHEMA)
            .field(
                    "amount",
                    Decimal.builder(2)
                            .parameter("connect.decimal.precision", "18")
                            .build())
            .field("currency", Schema.STRING_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field(
                    "idempotency_key",
                    SchemaBuilder.string().name("io.debezium.data.Uuid").build())
            .field(
                    "created_at",
                    SchemaBuilder.int64()
                            .name("io.debezium.time.MicroTimestamp")
                            .build())
            .build();

    private UpsertThroughput() {}

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500_000;
        int rowsPerPut = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
        Topics topics = new Topics();
        send(new FakeSource(topics, "slot", 0x100, false), rows);
        List<SinkRecord> records = new ArrayList<>(
                topics.log(new TopicPartition("ledger.public.transfers", 0)).values());
        try (ReportingStore store = new ReportingStore();
                RunningSink sink = new RunningSink(store, topics, Map.of())) {
            for (int i = 0; i < rows; i += rowsPerPut) {
                long begin = System.nanoTime();
                List<SinkRecord> batch = records.subList(i, Math.min(rows, i + rowsPerPut));
                sink.putOnce(batch);
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                System.out.printf(
                        "%,d rows in %,d ms: %,d rows/s%n",
                        batch.size(), took.toMillis(), batch.size() * 1_000_000_000L / took.toNanos());
            }
            System.out.println(store.value("SELECT count(*) FROM reporting.transfers") + " rows in the table");
        }
        System.exit(0);
    }

    private static void send(FakeSource source, int rows) {
        for (int i = 0; i < rows; i++) {
            if (i % 5 == 0) {
                source.transaction(0x1000 + i);
            }
            Struct row = new Struct(TRANSFER)
                    .put("id", (long) i)
                    .put("debit_account", i % 1000L)
                    .put("credit_account", i % 777L)
                    .put("amount", java.math.BigDecimal.valueOf(i * 37L % 1_000_000, 2))
                    .put("currency", "KRW")
                    .put("status", "settled")
                    .put("idempotency_key", new java.util.UUID(i * 31L, i).toString())
                    .put("created_at", 1_790_000_000_000_000L + i);
            source.send("transfers", 0, Operation.CREATE, FakeSource.key(i), null, row, List.of());
        }
    }
}
