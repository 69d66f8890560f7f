package io.ledgerconnect.common.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Schemas of all kinds and values for them, from a seed. Floating-point numbers are finite. */
final class RandomData {
    private static final int MAX_DEPTH = 3;
    private static final String[] TEXTS = {
        "",
        "a",
        "KRW",
        "송금 완료",
        "\uD83D\uDCB8 and \uD800\uDC00",
        "\u0000\u0001\u001F\u007F\u0085\u2028",
        "\"\\/\b\f\n\r\t",
        "NaN",
        "null",
        "x".repeat(300),
        "é".repeat(300)
    };
    private static final double[] DOUBLES = {
        0.0, -0.0, 1, -1, 0.1, 1e21, 1e-7, Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL
    };
    private static final long[] LONGS = {
        0, -1, 1, Byte.MIN_VALUE, Short.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE
    };

    private final Random random;
    private final boolean leavesOut;

    /** @param leavesOut whether required fields with a default may have no value */
    RandomData(long seed, boolean leavesOut) {
        random = new Random(seed);
        this.leavesOut = leavesOut;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    int number(int bound) {
        return random.nextInt(bound);
    }

    Schema schema() {
        return schema(0);
    }

    private Schema schema(int depth) {
        SchemaBuilder builder = builder(depth);
        if (chance(40)) {
            builder.optional();
        }
        boolean logical = builder.name() != null;
        if (!logical && chance(30)) {
            builder.name("ledger.name." + text(5));
        }
        if (builder.version() == null && chance(20)) {
            builder.version(random.nextInt());
        }
        if (chance(20)) {
            builder.doc(text());
        }
        for (int i = number(3); chance(20) && i > 0; i--) {
            builder.parameter("parameter " + i, text());
        }
        if (builder.type().isPrimitive() && chance(30)) {
            builder.defaultValue(required(builder));
        }
        return builder.build();
    }

    private SchemaBuilder builder(int depth) {
        return switch (number(depth == MAX_DEPTH ? 13 : 19)) {
            case 0 -> SchemaBuilder.bool();
            case 1 -> SchemaBuilder.int8();
            case 2 -> SchemaBuilder.int16();
            case 3 -> SchemaBuilder.int32();
            case 4 -> SchemaBuilder.int64();
            case 5 -> SchemaBuilder.float32();
            case 6 -> SchemaBuilder.float64();
            case 7 -> SchemaBuilder.string();
            case 8 -> SchemaBuilder.bytes();
            case 9 -> Decimal.builder(number(12) - 4);
            case 10 -> Date.builder();
            case 11 -> Time.builder();
            case 12 -> Timestamp.builder();
            case 13 -> SchemaBuilder.array(schema(depth + 1));
            case 14 -> SchemaBuilder.map(Schema.STRING_SCHEMA, schema(depth + 1));
            case 15 -> SchemaBuilder.map(keySchema(), schema(depth + 1));
            default -> struct(depth);
        };
    }

    /** Bytes are left out: Java compares them by identity, so that no two such maps are equal. */
    private Schema keySchema() {
        return switch (number(4)) {
            case 0 -> Schema.INT32_SCHEMA;
            case 1 -> Schema.OPTIONAL_INT64_SCHEMA;
            case 2 -> Schema.FLOAT64_SCHEMA;
            default -> Decimal.schema(2);
        };
    }

    private SchemaBuilder struct(int depth) {
        SchemaBuilder struct = SchemaBuilder.struct();
        int count = number(8);
        for (int i = 0; i < count; i++) {
            struct.field(chance(20) ? i + text(40) : "field" + i, schema(depth + 1));
        }
        return struct;
    }

    /** Null, too, where the schema lets it. */
    Object value(Schema schema) {
        return schema.isOptional() && chance(30) ? null : required(schema);
    }

    private Object required(Schema schema) {
        return switch (schema.name() == null ? "" : schema.name()) {
            case Decimal.LOGICAL_NAME ->
                decimal(Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD)));
            case Date.LOGICAL_NAME -> Date.toLogical(schema, random.nextInt());
            case Time.LOGICAL_NAME -> Time.toLogical(schema, number(86_400_000));
            case Timestamp.LOGICAL_NAME -> Timestamp.toLogical(schema, integer());
            default -> plain(schema);
        };
    }

    private Object plain(Schema schema) {
        return switch (schema.type()) {
            case BOOLEAN -> random.nextBoolean();
            case INT8 -> (byte) integer();
            case INT16 -> (short) integer();
            case INT32 -> (int) integer();
            case INT64 -> integer();
            case FLOAT32 -> single();
            case FLOAT64 -> chance(50) ? DOUBLES[number(DOUBLES.length)] : finite(random.nextLong());
            case STRING -> text();
            case BYTES -> bytes();
            case ARRAY -> array(schema.valueSchema());
            case MAP -> map(schema);
            case STRUCT -> struct(schema);
        };
    }

    private long integer() {
        return chance(50) ? LONGS[number(LONGS.length)] : random.nextLong() >> number(64);
    }

    private float single() {
        float value = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(value) ? value : chance(50) ? Float.MIN_VALUE : -0.0f;
    }

    private static double finite(long bits) {
        double value = Double.longBitsToDouble(bits);
        return Double.isFinite(value) ? value : 0.5;
    }

    private BigDecimal decimal(int scale) {
        return new BigDecimal(new BigInteger(number(200), random), scale)
                .multiply(BigDecimal.valueOf(chance(50) ? 1 : -1));
    }

    private Object bytes() {
        byte[] bytes = new byte[number(20)];
        random.nextBytes(bytes);
        return chance(50) ? bytes : ByteBuffer.wrap(bytes);
    }

    private String text() {
        // More than Jackson's buffers hold.
        return chance(1) ? "é ab".repeat(4000) : TEXTS[number(TEXTS.length)];
    }

    private String text(int bound) {
        String text = text();
        return text.length() <= bound ? text : "long";
    }

    private List<Object> array(Schema element) {
        List<Object> list = new ArrayList<>();
        for (int i = number(4); i > 0; i--) {
            list.add(value(element));
        }
        return list;
    }

    private Map<Object, Object> map(Schema schema) {
        Map<Object, Object> map = new HashMap<>();
        for (int i = number(4); i > 0; i--) {
            map.put(value(schema.keySchema()), value(schema.valueSchema()));
        }
        return map;
    }

    private Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
            boolean mayMiss =
                    field.schema().isOptional() || (leavesOut && field.schema().defaultValue() != null);
            if (!mayMiss || chance(60)) {
                struct.put(field, value(field.schema()));
            }
        }
        return struct;
    }
}
