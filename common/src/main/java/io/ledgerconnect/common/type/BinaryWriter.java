package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer for PostgreSQL's binary formats (big-endian). Grows to the largest batch it has held and no further;
 * not thread-safe.
 */
public final class BinaryWriter {
    private byte[] bytes;
    private int size;

    public BinaryWriter(int initialCapacityBytes) {
        bytes = new byte[initialCapacityBytes];
    }

    public byte[] array() {
        return bytes;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** Forgets what was written after {@code size} bytes. */
    public void truncate(int size) {
        this.size = size;
    }

    public void putByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    public void putShort(int value) {
        reserve(2);
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
    }

    public void putInt(int value) {
        reserve(4);
        putIntAt(size, value);
        size += 4;
    }

    public void putIntAt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    public void putLong(long value) {
        reserve(8);
        putIntAt(size, (int) (value >>> 32));
        putIntAt(size + 4, (int) value);
        size += 8;
    }

    /** What {@link #putLong} wrote after so many bytes. */
    long longAt(int at) {
        return ByteBuffer.wrap(bytes, 0, size).getLong(at);
    }

    public void putBytes(byte[] value, int offset, int length) {
        reserve(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
    }

    public void putBytes(byte[] value) {
        putBytes(value, 0, value.length);
    }

    /**
     * Appends text, which nearly always is ASCII, without a copy.
     *
     * @throws UnwritableValueException when it contains what PostgreSQL's UTF-8 cannot: a zero character, or half of a
     *     surrogate pair
     */
    public void putUtf8(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0 || c >= 0x80) {
                putEncoded(text);
                return;
            }
            bytes[size + i] = (byte) c;
        }
        size += length;
    }

    private void putEncoded(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new UnwritableValueException("the text contains a zero character, which PostgreSQL cannot store");
        }
        if (hasLoneSurrogate(text)) {
            throw new UnwritableValueException(
                    "the text contains half of a surrogate pair, which UTF-8 cannot express");
        }
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Leaves room for a length and returns where it stands, for {@link #endField}. */
    public int beginField() {
        putInt(0);
        return size;
    }

    public void endField(int begin) {
        putIntAt(begin - 4, size - begin);
    }

    public void putNullField() {
        putInt(-1);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }
}
