package io.ledgerconnect.common.envelope;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * A hash of a change's rows as Connect values. It is the same before a converter wrote them and after one read them,
 * for converters that keep values: it sees values in their order and not the names, versions and widths of their types.
 *
 * <p>Two things count as 0, since JSON has no place for them and Connect's own converter makes them so: floating point
 * numbers that are not finite, and the sign of a floating point zero.
 *
 * <p>Meant against accidents. It is no signature: who can write into the topics can write another hash.
 */
public final class ContentHash {
    /** Odd, so that no bit of what is multiplied is lost; the golden ratio's, as hashes often take. Then its powers. */
    private static final long M1 = 0x9E3779B97F4A7C15L;

    private static final long M2 = 0xDF442D22CE4859B9L;
    private static final long M3 = 0x604A5CE3ADDEF82DL;
    private static final long M4 = 0xD94363FC538227B1L;

    private static final long NULL = 0x2545F4914F6CDD1DL;

    private ContentHash() {}

    /**
     * Of a change's key, its row before, and its row after; each may be null.
     *
     * @throws IllegalArgumentException when a value is of a class that no Connect schema has
     */
    public static long of(Struct key, Struct before, Struct after) {
        return after(after(after(0, of(key)), of(before)), of(after));
    }

    private static long after(long hash, long next) {
        long mixed = (hash ^ next) * M1;
        return mixed ^ (mixed >>> 32);
    }

    private static long of(Struct struct) {
        if (struct == null) {
            return NULL;
        }
        List<Field> fields = struct.schema().fields();
        long hash = fields.size();
        for (int i = 0; i < fields.size(); i++) {
            hash = after(hash, value(struct.get(fields.get(i))));
        }
        return hash;
    }

    @SuppressWarnings("JavaUtilDate") // Connect's times are such dates
    private static long value(Object value) {
        if (value == null) {
            return NULL;
        }
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Boolean bool) {
            return bool ? 2 : 1;
        }
        if (value instanceof Date date) {
            return date.getTime();
        }
        if (value instanceof Struct struct) {
            return of(struct);
        }
        if (value instanceof byte[] bytes) {
            return bytes(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return buffer(buffer);
        }
        if (value instanceof List<?> list) {
            return list(list);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        throw new IllegalArgumentException("no Connect value: " + value.getClass());
    }

    private static long number(Number number) {
        if (number instanceof BigDecimal decimal) {
            return after(decimal.scale(), integer(decimal.unscaledValue()));
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            return Double.isFinite(value) && value != 0 ? Double.doubleToLongBits(value) : 0;
        }
        return number.longValue();
    }

    private static long integer(BigInteger integer) {
        if (integer.bitLength() < Long.SIZE) {
            return integer.longValue();
        }
        byte[] bytes = integer.toByteArray();
        return bytes(bytes);
    }

    /** Four at a time: each multiplication would wait for the one before it otherwise. */
    private static long text(String text) {
        int length = text.length();
        long hash = length;
        int at = 0;
        for (; at + 4 <= length; at += 4) {
            hash = hash * M4
                    + text.charAt(at) * M3
                    + text.charAt(at + 1) * M2
                    + text.charAt(at + 2) * M1
                    + text.charAt(at + 3);
        }
        for (; at < length; at++) {
            hash = hash * M1 + text.charAt(at);
        }
        return hash;
    }

    private static long bytes(byte[] bytes) {
        long hash = bytes.length;
        int at = 0;
        for (; at + 4 <= bytes.length; at += 4) {
            hash = hash * M4 + bytes[at] * M3 + bytes[at + 1] * M2 + bytes[at + 2] * M1 + bytes[at + 3];
        }
        for (; at < bytes.length; at++) {
            hash = hash * M1 + bytes[at];
        }
        return hash;
    }

    private static long buffer(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes(bytes);
    }

    private static long list(List<?> list) {
        long hash = list.size();
        for (Object element : list) {
            hash = after(hash, value(element));
        }
        return hash;
    }

    /** Maps have no order. */
    private static long map(Map<?, ?> map) {
        long hash = map.size();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            hash += after(value(entry.getKey()), value(entry.getValue()));
        }
        return hash;
    }
}
