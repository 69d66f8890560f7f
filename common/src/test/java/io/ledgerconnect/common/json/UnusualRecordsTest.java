package io.ledgerconnect.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not as the converters write it has the outcome that it has with Kafka's converter. */
final class UnusualRecordsTest {
    private static final Schema ROW = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field("state", SchemaBuilder.string().defaultValue("new").build())
            .build();
    private static final Struct VALUE =
            new Struct(ROW).put("id", 7).put("note", "paid").put("state", "done");
    private static final String SCHEMA = "{\"type\":\"struct\",\"fields\":["
            + "{\"type\":\"int32\",\"optional\":false,\"field\":\"id\"},"
            + "{\"type\":\"string\",\"optional\":true,\"field\":\"note\"},"
            + "{\"type\":\"string\",\"optional\":false,\"default\":\"new\",\"field\":\"state\"}],\"optional\":false}";

    private final JsonConverter kafkas = new JsonConverter();
    private final CountingConverter helper = new CountingConverter();
    private final LedgerJsonConverter ours = new LedgerJsonConverter(helper);

    @BeforeEach
    void meetTheSchema() {
        kafkas.configure(Map.of(), false);
        ours.configure(Map.of(), false);
        assertThat(read(envelope(SCHEMA, "{\"id\":7,\"note\":\"paid\",\"state\":\"done\"}"))
                        .error())
                .isNull();
        helper.read = 0;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"note\":\"paid\",\"id\":7,\"state\":\"done\"}",
                "{\"state\":\"done\",\"note\":null,\"id\":7}",
                "{\"id\":7}",
                "{\"id\":7,\"state\":null}",
                "{\"state\":\"done\",\"id\":7}",
                "{\"more\":{\"a\":[1,{\"b\":2}]},\"id\":7,\"other\":1.5,\"note\":\"paid\",\"last\":[[]]}",
                "{ \"id\" : 7 , \"note\" : \"paid\" }",
                "{\"id\":7,\"note\":\"\\u0070aid\",\"\\u0073tate\":\"done\"} "
            })
    void fieldsInAnyOrderAreReadWithoutKafkasHelp(String payload) {
        assertSame(envelope(SCHEMA, payload));
        assertThat(helper.read).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "7",
                "\"text\"",
                "{}",
                "",
                "{\"id\":null}",
                "{\"id\":7,\"id\":8}",
                "{\"id\":7,\"note\":\"a\",\"note\":null}",
                "{\"id\":\"7\"}",
                "{\"id\":7.9}",
                "{\"id\":true}",
                "{\"id\":[7]}",
                "{\"id\":007}",
                "{\"id\":7000000000}",
                "{\"id\":7000000000000000000000}",
                "{\"id\":7,\"note\":8}",
                "{\"id\":7,\"note\":{}}",
                "{\"id\":7,\"note\":\"a\u0000b\"}",
                "{\"id\":7,\"note\":'a'}",
                "{\"id\":7,}",
                "{\"id\":7}}",
                "{\"id\":7},\"more\":1",
                "{\"id\":7},\"schema\":null",
                "{\"id\":7} 8",
                "\uFEFF{\"id\":7}",
                "{\"id\":NaN}"
            })
    void payloadsOfAnotherKindHaveTheSameOutcome(String payload) {
        assertSame(envelope(SCHEMA, payload));
    }

    @Test
    void envelopesOfAnotherFormHaveTheSameOutcome() {
        String payload = "{\"id\":7}";
        for (String record : List.of(
                "",
                " ",
                "{}",
                "[]",
                "null",
                "7",
                "{\"schema\":",
                "{\"schema\":" + SCHEMA,
                "{\"schema\":" + SCHEMA + "}",
                "{\"payload\":" + payload + "}",
                "{\"payload\":" + payload + ",\"schema\":" + SCHEMA + "}",
                "{ \"schema\": " + SCHEMA + ", \"payload\": " + payload + " }\n",
                " " + envelope(SCHEMA, payload),
                envelope(SCHEMA, payload) + " ",
                envelope(SCHEMA, payload) + envelope(SCHEMA, payload),
                envelope(SCHEMA, payload) + "garbage",
                envelope("null", payload),
                envelope("{}", payload),
                envelope("{\"type\":\"struct\"}", payload),
                envelope("{\"type\":\"int32\",\"name\":\"}\"}", "5"),
                envelope("\"string\"", payload))) {
            assertSame(record);
        }
    }

    @Test
    void recordsThatAreCutOffHaveTheSameOutcome() {
        byte[] record = ours.fromConnectData("topic", ROW, VALUE);
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThat(Outcome.read(ours, "topic", cut)).isEqualTo(Outcome.read(kafkas, "topic", cut));
        }
    }

    @Test
    void otherEncodingsHaveTheSameOutcome() {
        String text = "{\"schema\":{\"type\":\"int32\",\"optional\":false},\"payload\":";
        byte[] before = text.getBytes(StandardCharsets.UTF_8);
        assertSame(text + "1}");
        for (byte[] payload : new byte[][] {
            {'1', 0},
            {0, '1'},
            {0, 0, 0, '1'},
            {'1', 0, 0, 0},
            {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '1'},
            {(byte) 0xFF, '1'}
        }) {
            byte[] record = ByteBuffer.allocate(before.length + payload.length + 1)
                    .put(before)
                    .put(payload)
                    .put((byte) '}')
                    .array();
            assertThat(Outcome.read(ours, "topic", record)).isEqualTo(Outcome.read(kafkas, "topic", record));
        }
    }

    static Stream<Schema> schemas() {
        return Stream.of(
                Schema.BOOLEAN_SCHEMA,
                Schema.INT8_SCHEMA,
                Schema.INT16_SCHEMA,
                Schema.INT32_SCHEMA,
                Schema.OPTIONAL_INT64_SCHEMA,
                Schema.FLOAT32_SCHEMA,
                Schema.FLOAT64_SCHEMA,
                Schema.STRING_SCHEMA,
                Schema.BYTES_SCHEMA,
                Decimal.schema(2),
                SchemaBuilder.bytes().name(Decimal.LOGICAL_NAME).build(),
                Date.SCHEMA,
                Time.SCHEMA,
                Timestamp.SCHEMA,
                SchemaBuilder.string().name(Date.LOGICAL_NAME).build(),
                SchemaBuilder.array(Schema.INT32_SCHEMA).build(),
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build(),
                SchemaBuilder.map(Schema.OPTIONAL_STRING_SCHEMA, Schema.INT32_SCHEMA)
                        .build(),
                SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.STRING_SCHEMA).build(),
                ROW);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void payloadsOfAllKindsHaveTheSameOutcomeWithAllSchemas(Schema schema) {
        String json = helper.asJsonSchema(schema).toString();
        for (String payload : List.of(
                "null",
                "true",
                "0",
                "-0",
                "-0.0",
                "1",
                "-129",
                "70000",
                "86400000",
                "3000000000",
                "-9223372036854775809",
                "1.0",
                "0.1",
                "16777217.0000001",
                "1e400",
                "-1e-400",
                "1e99999999999",
                "123456789012345678901234567890.10",
                "1E+5",
                "\"\"",
                "\"AQ==\"",
                "\"AQ\"",
                "\" AQ==\"",
                "\"AB==\"",
                "\"A===\"",
                "\"====\"",
                "\"AQ==AQ==\"",
                "\"a-_b\"",
                "\"true\"",
                "[]",
                "[1,null]",
                "[1,2]",
                "[[1,\"a\"]]",
                "[[1,\"a\",2]]",
                "[[1]]",
                "[[null,null]]",
                "{\"a\":1,\"a\":2}",
                "{\"a\":null}",
                "{\"a\":\"b\"}",
                "{}")) {
            assertSame(envelope(json, payload));
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void valuesOfAllKindsHaveTheSameOutcomeWithAllSchemas(Schema schema) {
        for (Object value : Arrays.asList(
                null,
                true,
                (byte) 1,
                (short) 1,
                1,
                1L,
                1f,
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                "text",
                "half \uD800",
                "half \uDC00 too",
                CharBuffer.wrap("text"),
                new byte[] {1},
                ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 1).slice(),
                ByteBuffer.allocateDirect(1),
                ByteBuffer.allocate(1).asReadOnlyBuffer(),
                new BigDecimal("1.10"),
                new BigDecimal("1.100"),
                new BigDecimal("11E5"),
                Date.toLogical(Date.SCHEMA, -1),
                Timestamp.toLogical(Timestamp.SCHEMA, -1),
                Timestamp.toLogical(Timestamp.SCHEMA, 5),
                List.of(1),
                List.of("a"),
                Arrays.asList(1, null),
                Map.of("a", 1),
                Map.of(1, "a"),
                singleton(null, 1),
                singleton("a", null),
                singleton(CharBuffer.wrap("a"), 1),
                VALUE,
                new Struct(ROW),
                new Struct(SchemaBuilder.struct()
                                .field("id", Schema.INT32_SCHEMA)
                                .build())
                        .put("id", 7),
                new Object())) {
            assertThat(Outcome.written(ours, schema, value)).isEqualTo(Outcome.written(kafkas, schema, value));
        }
    }

    @Test
    void aRefusedRecordLeavesNothingBehind() {
        String long_ = "x".repeat(20_000);
        Struct refused = new Struct(ROW).put("note", long_);
        assertThat(Outcome.written(ours, ROW, refused).error()).isEqualTo(DataException.class);
        helper.written = 0;
        assertThat(Outcome.written(ours, ROW, VALUE)).isEqualTo(Outcome.written(kafkas, ROW, VALUE));
        assertThat(helper.written).isZero();
    }

    private static Map<Object, Object> singleton(Object key, Object value) {
        return Collections.singletonMap(key, value);
    }

    private static String envelope(String schema, String payload) {
        return "{\"schema\":" + schema + ",\"payload\":" + payload + "}";
    }

    private Outcome read(String record) {
        return Outcome.read(ours, "topic", record.getBytes(StandardCharsets.UTF_8));
    }

    /** Twice: the first time may be the one that learns the schema. */
    private void assertSame(String record) {
        Outcome expected = Outcome.read(kafkas, "topic", record.getBytes(StandardCharsets.UTF_8));
        assertThat(read(record)).as(record).isEqualTo(expected);
        assertThat(read(record)).as(record).isEqualTo(expected);
    }
}
