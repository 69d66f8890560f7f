package io.ledgerconnect.common.type;

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
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    public void putBytes(byte[] value, int offset, int length) {
        reserve(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
    }

    public void putBytes(byte[] value) {
        putBytes(value, 0, value.length);
    }

    public void putUtf8(String text) {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
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
