package io.ledgerconnect.sink.state;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * Connect values as JSON text, whole and exact: decimals as strings, bytes in base64, instants in ISO 8601. It depends
 * on no JSON library, since the worker does not promise one to plugins.
 */
@SuppressWarnings("JavaUtilDate") // Connect's logical types are defined in terms of it.
final class JsonText {
    private final StringBuilder text = new StringBuilder();

    private final boolean ascii;

    private JsonText(boolean ascii) {
        this.ascii = ascii;
    }

    /**
     * The value as JSON; null for null, so that a column is null and not the JSON null.
     *
     * @param ascii whether other characters are written as numbers, for a database whose encoding may lack them
     */
    static String of(Object value, boolean ascii) {
        if (value == null) {
            return null;
        }
        JsonText json = new JsonText(ascii);
        json.append(value);
        return json.text.toString();
    }

    private void append(Object value) {
        if (value == null || value instanceof Boolean || value instanceof BigInteger) {
            text.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            appendFloat((Number) value);
        } else if (value instanceof BigDecimal decimal) {
            string(decimal.toPlainString());
        } else if (value instanceof Number) {
            text.append(value);
        } else if (value instanceof Struct struct) {
            object(struct);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof List<?> list) {
            array(list);
        } else {
            string(plain(value));
        }
    }

    private static String plain(Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value instanceof Date date ? date.toInstant().toString() : value.toString();
    }

    /** JSON has no NaN and no infinities. */
    private void appendFloat(Number number) {
        if (Double.isFinite(number.doubleValue())) {
            text.append(number);
        } else {
            string(number.toString());
        }
    }

    private void object(Struct struct) {
        char divider = '{';
        for (Field field : struct.schema().fields()) {
            text.append(divider);
            string(field.name());
            text.append(':');
            append(struct.getWithoutDefault(field.name()));
            divider = ',';
        }
        text.append(divider == '{' ? "{}" : "}");
    }

    private void object(Map<?, ?> map) {
        char divider = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(divider);
            string(String.valueOf(entry.getKey()));
            text.append(':');
            append(entry.getValue());
            divider = ',';
        }
        text.append(divider == '{' ? "{}" : "}");
    }

    private void array(List<?> list) {
        char divider = '[';
        for (Object item : list) {
            text.append(divider);
            append(item);
            divider = ',';
        }
        text.append(divider == '[' ? "[]" : "]");
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || (ascii && c > '~')) {
                // Surrogates too: a lone one, which may be why the record was refused, has no UTF-8.
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
