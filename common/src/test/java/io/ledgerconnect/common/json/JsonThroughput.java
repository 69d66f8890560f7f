package io.ledgerconnect.common.json;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;

/**
 * Prints the processor time and the bytes allocated per record of Kafka's converter and of this one, for the envelope
 * of a change. Not a test: run {@code mvn -q -pl common test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=io.ledgerconnect.common.json.JsonThroughput}, optionally with {@code -Dexec.args="records rounds"}.
 */
public final class JsonThroughput {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Schema ROW = SchemaBuilder.struct()
            .name("ledger.public.transfers.Value")
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
            .field("status", Schema.OPTIONAL_STRING_SCHEMA)
            .field(
                    "idempotency_key",
                    SchemaBuilder.string()
                            .name("io.debezium.data.Uuid")
                            .version(1)
                            .build())
            .field(
                    "created_at",
                    SchemaBuilder.int64()
                            .name("io.debezium.time.MicroTimestamp")
                            .version(1)
                            .build())
            .build();
    private static final Schema SOURCE = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Source")
            .field("version", Schema.STRING_SCHEMA)
            .field("connector", Schema.STRING_SCHEMA)
            .field("name", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field(
                    "snapshot",
                    SchemaBuilder.string()
                            .name("io.debezium.data.Enum")
                            .version(1)
                            .parameter("allowed", "true,last,false,incremental")
                            .optional()
                            .defaultValue("false")
                            .build())
            .field("db", Schema.STRING_SCHEMA)
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field("xmin", Schema.OPTIONAL_INT64_SCHEMA)
            .build();
    private static final Schema TRANSACTION = SchemaBuilder.struct()
            .name("event.block")
            .version(1)
            .optional()
            .field("id", Schema.STRING_SCHEMA)
            .field("total_order", Schema.INT64_SCHEMA)
            .field("data_collection_order", Schema.INT64_SCHEMA)
            .build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .name("ledger.public.transfers.Envelope")
            .version(1)
            .field("before", ROW)
            .field("after", ROW)
            .field("source", SOURCE)
            .field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
            .field("transaction", TRANSACTION)
            .build();
    private static final Struct[] CHANGES = changes(1024);

    /** Keeps the compiler from leaving out what nobody looks at. */
    private static long seen;

    private JsonThroughput() {}

    public static void main(String[] arguments) {
        int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        Converter first = converter(new JsonConverter(), true);
        byte[][] written = Arrays.stream(CHANGES)
                .map(change -> first.fromConnectData("t", ENVELOPE, change))
                .toArray(byte[][]::new);
        System.out.printf(
                "%,.0f bytes a record with its schema%n",
                Arrays.stream(written)
                        .mapToInt(record -> record.length)
                        .average()
                        .orElseThrow());
        compare("write with schema", records, rounds, kind -> {
            Converter converter = converter(kind, true);
            return i -> converter.fromConnectData("t", ENVELOPE, CHANGES[i]);
        });
        compare("write without    ", records, rounds, kind -> {
            Converter converter = converter(kind, false);
            return i -> converter.fromConnectData("t", ENVELOPE, CHANGES[i]);
        });
        compare("read with schema ", records, rounds, kind -> {
            Converter converter = converter(kind, true);
            return i -> converter.toConnectData("t", written[i]);
        });
        System.out.println("(" + seen + ")");
    }

    private static Converter converter(Converter converter, boolean schemas) {
        converter.configure(Map.of("schemas.enable", schemas), false);
        return converter;
    }

    private static void compare(
            String what, int records, int rounds, Function<Converter, Function<Integer, Object>> work) {
        Function<Integer, Object> kafkas = work.apply(new JsonConverter());
        Function<Integer, Object> ours = work.apply(new LedgerJsonConverter());
        double[] ratios = new double[rounds];
        Cost kafka = Cost.of(kafkas, records);
        Cost ledger = Cost.of(ours, records);
        for (int round = 0; round < rounds; round++) {
            kafka = Cost.of(kafkas, records);
            ledger = Cost.of(ours, records);
            ratios[round] = (double) kafka.nanos / ledger.nanos;
        }
        Arrays.sort(ratios);
        System.out.printf(
                "%s: Kafka's %,6d ns %,7d B, ours %,6d ns %,7d B; %.1f times faster (%.1f to %.1f), %.1f times less%n",
                what,
                kafka.nanos / records,
                kafka.bytes / records,
                ledger.nanos / records,
                ledger.bytes / records,
                ratios[rounds / 2],
                ratios[0],
                ratios[rounds - 1],
                (double) kafka.bytes / ledger.bytes);
    }

    /** Of this thread alone: on a busy machine the processor's time tells more than the clock's. */
    private record Cost(long nanos, long bytes) {
        static Cost of(Function<Integer, Object> work, int records) {
            long nanos = THREADS.getCurrentThreadCpuTime();
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            int kinds = 0;
            for (int i = 0; i < records; i++) {
                kinds ^= work.apply(i % CHANGES.length).getClass().hashCode();
            }
            seen += kinds;
            return new Cost(
                    THREADS.getCurrentThreadCpuTime() - nanos, THREADS.getCurrentThreadAllocatedBytes() - bytes);
        }
    }

    private static Struct[] changes(int count) {
        Struct[] changes = new Struct[count];
        for (int i = 0; i < count; i++) {
            changes[i] = change(i);
        }
        return changes;
    }

    private static Struct change(int i) {
        return new Struct(ENVELOPE)
                .put("before", i % 3 == 0 ? row(i, "pending") : null)
                .put("after", row(i, "settled"))
                .put("source", source(i))
                .put("op", i % 3 == 0 ? "u" : "c")
                .put("ts_ms", 1_790_000_000_000L + i)
                .put(
                        "transaction",
                        new Struct(TRANSACTION)
                                .put("id", "8" + i + ":" + (26_000_000L + i))
                                .put("total_order", i % 5L)
                                .put("data_collection_order", i % 3L));
    }

    private static Struct row(int i, String status) {
        return new Struct(ROW)
                .put("id", 70_000_000L + i)
                .put("debit_account", i * 7919L % 100_000)
                .put("credit_account", i * 104_729L % 100_000)
                .put("amount", BigDecimal.valueOf(i * 37_123L % 100_000_000, 2))
                .put("currency", "KRW")
                .put("status", status)
                .put("idempotency_key", new UUID(i * 0x9E3779B97F4A7C15L, ~i).toString())
                .put("created_at", 1_790_000_000_000_000L + i * 1000L);
    }

    private static Struct source(int i) {
        return new Struct(SOURCE)
                .put("version", "0.1.0")
                .put("connector", "ledger-connect")
                .put("name", "ledger")
                .put("ts_ms", 1_790_000_000_000L + i)
                .put("snapshot", "false")
                .put("db", "ledger")
                .put("sequence", "[\"" + (26_000_000L + i) + "\",\"" + (26_000_100L + i) + "\"]")
                .put("schema", "public")
                .put("table", "transfers")
                .put("txId", 900L + i)
                .put("lsn", 26_000_000L + i);
    }
}
