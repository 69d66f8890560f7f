package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Finds the writer of a schema. */
final class ValueWriters {
    private ValueWriters() {}

    static ValueWriter of(Schema schema, JsonSettings settings) {
        // A logical type's name decides, whatever the type below it.
        ValueWriter logical = schema.name() == null ? null : logical(schema, settings);
        return logical != null ? logical : plain(schema, settings);
    }

    private static ValueWriter logical(Schema schema, JsonSettings settings) {
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME ->
                settings.decimalsAsNumbers()
                        ? (value, out) -> out.writeNumber((BigDecimal) value)
                        : (value, out) -> out.writeBinary(Decimal.fromLogical(schema, (BigDecimal) value));
            case Date.LOGICAL_NAME -> (value, out) -> out.writeNumber(Date.fromLogical(schema, (java.util.Date) value));
            case Time.LOGICAL_NAME -> (value, out) -> out.writeNumber(Time.fromLogical(schema, (java.util.Date) value));
            case Timestamp.LOGICAL_NAME ->
                (value, out) -> out.writeNumber(Timestamp.fromLogical(schema, (java.util.Date) value));
            default -> null;
        };
    }

    private static ValueWriter plain(Schema schema, JsonSettings settings) {
        return switch (schema.type()) {
            case INT8 -> (value, out) -> out.writeNumber((Byte) value);
            case INT16 -> (value, out) -> out.writeNumber((Short) value);
            case INT32 -> (value, out) -> out.writeNumber((Integer) value);
            case INT64 -> (value, out) -> out.writeNumber((Long) value);
            case FLOAT32 -> (value, out) -> out.writeNumber((Float) value);
            case FLOAT64 -> (value, out) -> out.writeNumber((Double) value);
            case BOOLEAN -> (value, out) -> out.writeBoolean((Boolean) value);
            case STRING -> (value, out) -> out.writeString(((CharSequence) value).toString());
            case BYTES -> ValueWriters::writeBytes;
            case ARRAY -> array(new NullableWriter(schema.valueSchema(), settings));
            case MAP -> map(schema, settings);
            case STRUCT -> new StructWriter(schema, settings);
        };
    }

    @SuppressWarnings("ByteBufferBackingArray")
    private static void writeBytes(Object value, JsonGenerator out) throws IOException {
        // The whole of the buffer's array, whatever its position: so does Kafka's converter.
        out.writeBinary(value instanceof ByteBuffer buffer ? buffer.array() : (byte[]) value);
    }

    private static ValueWriter array(NullableWriter element) {
        return (value, out) -> {
            char lead = '[';
            for (Object item : (Collection<?>) value) {
                out.writeRaw(lead);
                element.write(item, out);
                lead = ',';
            }
            end(lead, '[', ']', out);
        };
    }

    private static void end(char lead, char begin, char end, JsonGenerator out) throws IOException {
        if (lead == begin) {
            out.writeRaw(begin);
        }
        out.writeRaw(end);
    }

    private static ValueWriter map(Schema schema, JsonSettings settings) {
        NullableWriter value = new NullableWriter(schema.valueSchema(), settings);
        if (schema.keySchema().type() != Schema.Type.STRING) {
            return pairs(new NullableWriter(schema.keySchema(), settings), value);
        }
        return object(value);
    }

    private static ValueWriter pairs(NullableWriter key, NullableWriter value) {
        return (map, out) -> {
            char lead = '[';
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                out.writeRaw(lead);
                out.writeRaw('[');
                key.write(entry.getKey(), out);
                out.writeRaw(',');
                value.write(entry.getValue(), out);
                out.writeRaw(']');
                lead = ',';
            }
            end(lead, '[', ']', out);
        };
    }

    private static ValueWriter object(NullableWriter value) {
        return (map, out) -> {
            char lead = '{';
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                // Null and other text than strings as keys: two of them may become one name.
                if (!(entry.getKey() instanceof String name)) {
                    throw new UnusualException("a key that is not a string");
                }
                out.writeRaw(lead);
                out.writeString(name);
                out.writeRaw(':');
                value.write(entry.getValue(), out);
                lead = ',';
            }
            end(lead, '{', '}', out);
        };
    }
}
