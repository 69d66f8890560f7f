package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * Finds what Debezium puts in the place of values that the server did not send: its default placeholder as text or
 * bytes, as the one element of an array or of a map, or spelt in an array's numbers.
 */
final class Placeholders {
    private static final byte[] BYTES = EnvelopeFields.UNAVAILABLE.getBytes(StandardCharsets.UTF_8);
    private static final String AS_HSTORE =
            "{\"" + EnvelopeFields.UNAVAILABLE + "\":\"" + EnvelopeFields.UNAVAILABLE + "\"}";

    private Placeholders() {}

    /** The fields that hold one. */
    static Set<String> in(Struct row) {
        Set<String> names = Set.of();
        for (Field field : row.schema().fields()) {
            switch (field.schema().type()) {
                case STRING, BYTES, ARRAY, MAP -> {
                    if (isPlaceholder(row.get(field))) {
                        names = names.isEmpty() ? new HashSet<>() : names;
                        names.add(field.name());
                    }
                }
                default -> {}
            }
        }
        return names;
    }

    private static boolean isPlaceholder(Object value) {
        if (value instanceof String text) {
            return text.equals(EnvelopeFields.UNAVAILABLE) || text.equals(AS_HSTORE);
        }
        if (value instanceof ByteBuffer bytes) {
            return bytes.equals(ByteBuffer.wrap(BYTES));
        }
        if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes).equals(ByteBuffer.wrap(BYTES));
        }
        if (value instanceof Map<?, ?> map) {
            return map.size() == 1 && map.containsKey(EnvelopeFields.UNAVAILABLE);
        }
        return value instanceof List<?> list && (isOneText(list) || isSpelt(list));
    }

    private static boolean isOneText(List<?> list) {
        return list.size() == 1 && EnvelopeFields.UNAVAILABLE.equals(list.get(0));
    }

    private static boolean isSpelt(List<?> list) {
        if (list.size() != BYTES.length) {
            return false;
        }
        for (int i = 0; i < BYTES.length; i++) {
            if (!(list.get(i) instanceof Number number) || number.longValue() != BYTES[i]) {
                return false;
            }
        }
        return true;
    }
}
