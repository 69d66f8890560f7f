package io.ledgerconnect.common.json;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Finds the reader of a schema. */
final class ValueReaders {
    private ValueReaders() {}

    static ValueReader of(Schema schema, JsonSettings settings) {
        // A logical type's name decides, whatever the type below it.
        ValueReader logical = schema.name() == null ? null : logical(schema);
        return logical != null ? logical : plain(schema, settings);
    }

    private static ValueReader logical(Schema schema) {
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME -> in -> decimal(schema, in);
            case Date.LOGICAL_NAME -> in -> Date.toLogical(schema, int32(in));
            case Time.LOGICAL_NAME -> in -> Time.toLogical(schema, int32(in));
            case Timestamp.LOGICAL_NAME -> in -> Timestamp.toLogical(schema, int64(in));
            default -> null;
        };
    }

    private static ValueReader plain(Schema schema, JsonSettings settings) {
        return switch (schema.type()) {
            // The cast takes what does not fit as Kafka's converter does.
            case INT8 -> in -> (byte) int32(in);
            case INT16 -> in -> (short) int32(in);
            case INT32 -> ValueReaders::int32;
            case INT64 -> ValueReaders::int64;
            case FLOAT32 -> FloatReader.FLOAT32;
            case FLOAT64 -> FloatReader.FLOAT64;
            case BOOLEAN -> ValueReaders::bool;
            case STRING -> ValueReaders::string;
            case BYTES -> ValueReaders::bytes;
            case ARRAY -> array(new NullableReader(schema.valueSchema(), settings));
            case MAP -> map(schema, settings);
            case STRUCT -> new StructReader(schema, settings);
        };
    }

    /** Both forms are read, whatever {@code decimal.format} says: it is about writing. */
    private static Object decimal(Schema schema, JsonParser in) throws IOException {
        if (in.currentToken() == VALUE_STRING) {
            return Decimal.toLogical(schema, bytes(in));
        }
        if (!in.currentToken().isNumeric()) {
            throw new UnusualException("a decimal that is neither text nor a number");
        }
        return in.getDecimalValue();
    }

    /** Throws when the number does not fit, as {@link #int64} does. */
    private static int int32(JsonParser in) throws IOException {
        ValueReader.require(VALUE_NUMBER_INT, in);
        return in.getIntValue();
    }

    private static long int64(JsonParser in) throws IOException {
        ValueReader.require(VALUE_NUMBER_INT, in);
        return in.getLongValue();
    }

    private static Object bool(JsonParser in) {
        JsonToken token = in.currentToken();
        if (!token.isBoolean()) {
            throw new UnusualException("another token than a boolean");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private static Object string(JsonParser in) throws IOException {
        ValueReader.require(VALUE_STRING, in);
        return in.getText();
    }

    private static byte[] bytes(JsonParser in) throws IOException {
        ValueReader.require(VALUE_STRING, in);
        String text = in.getText();
        // Java's decoder does without padding, Jackson's does not.
        if (text.length() % 4 != 0) {
            throw new UnusualException("bytes without padding");
        }
        return Base64.getDecoder().decode(text);
    }

    private static ValueReader array(NullableReader element) {
        return in -> {
            ValueReader.require(START_ARRAY, in);
            List<Object> elements = new ArrayList<>();
            while (in.nextToken() != END_ARRAY) {
                elements.add(element.read(in));
            }
            return elements;
        };
    }

    private static ValueReader map(Schema schema, JsonSettings settings) {
        NullableReader value = new NullableReader(schema.valueSchema(), settings);
        if (schema.keySchema().type() != Schema.Type.STRING) {
            return pairs(new NullableReader(schema.keySchema(), settings), value);
        }
        return object(value);
    }

    private static ValueReader pairs(NullableReader key, NullableReader value) {
        return in -> {
            ValueReader.require(START_ARRAY, in);
            Map<Object, Object> map = new HashMap<>();
            while (in.nextToken() != END_ARRAY) {
                ValueReader.require(START_ARRAY, in);
                map.put(next(key, in), next(value, in));
                in.nextToken();
                ValueReader.require(END_ARRAY, in);
            }
            return map;
        };
    }

    private static Object next(NullableReader reader, JsonParser in) throws IOException {
        in.nextToken();
        return reader.read(in);
    }

    private static ValueReader object(NullableReader value) {
        return in -> {
            ValueReader.require(START_OBJECT, in);
            Map<Object, Object> map = new HashMap<>();
            while (in.nextToken() != END_OBJECT) {
                String key = in.currentName();
                map.put(key, next(value, in));
            }
            return map;
        };
    }
}
