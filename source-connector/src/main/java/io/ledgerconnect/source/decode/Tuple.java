package io.ledgerconnect.source.decode;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Checksum;

/**
 * Where the columns of one row lie in a message. A view that is filled again for every message: it holds no copies and
 * is valid until the next fill. Not thread-safe.
 *
 * <p>Formats: TupleData of the logical replication protocol, and the tuple of COPY BINARY.
 */
public final class Tuple {
    /** Column kinds, as TupleData codes them. */
    public static final byte NULL = 'n';

    public static final byte UNCHANGED_TOAST = 'u';
    public static final byte TEXT = 't';
    public static final byte BINARY = 'b';

    private ByteBuffer buffer;
    private int columns;
    private byte[] kinds = new byte[32];
    private int[] offsets = new int[32];
    private int[] lengths = new int[32];
    /** Of columns whose values were replaced; null while none was. */
    private ByteBuffer[] texts;

    /** Fills this view from TupleData and moves the buffer past it. */
    void fillFromTupleData(ByteBuffer in) {
        begin(in, in.getShort());
        for (int i = 0; i < columns; i++) {
            kinds[i] = in.get();
            setColumn(i, in, kinds[i] == NULL || kinds[i] == UNCHANGED_TOAST ? 0 : in.getInt());
        }
    }

    /** Fills this view from a COPY BINARY tuple, whose field count has been read, and moves the buffer past it. */
    public void fillFromCopy(ByteBuffer in, int fields) {
        begin(in, fields);
        for (int i = 0; i < columns; i++) {
            int length = in.getInt();
            kinds[i] = length < 0 ? NULL : BINARY;
            setColumn(i, in, Math.max(length, 0));
        }
    }

    private void begin(ByteBuffer in, int count) {
        buffer = in;
        columns = count;
        texts = null;
        if (count > kinds.length) {
            kinds = new byte[count];
            offsets = new int[count];
            lengths = new int[count];
        }
    }

    private void setColumn(int column, ByteBuffer in, int length) {
        offsets[column] = in.position();
        lengths[column] = length;
        in.position(in.position() + length);
    }

    public int columns() {
        return columns;
    }

    public byte kind(int column) {
        return kinds[column];
    }

    public int length(int column) {
        return lengths[column];
    }

    /** The message's buffer, positioned at the column; or what the column was replaced by. */
    public ByteBuffer at(int column) {
        return texts == null || texts[column] == null ? buffer.position(offsets[column]) : texts[column].position(0);
    }

    /**
     * Puts a text in the place of a binary value, until the next fill. Not of key columns, which are compared by bytes.
     */
    public void replace(int column, byte[] text) {
        texts = texts == null ? new ByteBuffer[columns] : texts;
        texts[column] = ByteBuffer.wrap(text);
        kinds[column] = TEXT;
        lengths[column] = text.length;
    }

    /** The value of an int2, int4 or int8 column. */
    public long integer(int column) {
        return switch (lengths[column]) {
            case Short.BYTES -> buffer.getShort(offsets[column]);
            case Integer.BYTES -> buffer.getInt(offsets[column]);
            default -> buffer.getLong(offsets[column]);
        };
    }

    /** Adds the column's bytes to a checksum. */
    public void checksum(int column, Checksum checksum) {
        checksum.update(buffer.array(), buffer.arrayOffset() + offsets[column], lengths[column]);
    }

    /** Whether a column has the same bytes in two rows. */
    public boolean sameBytes(Tuple other, int column) {
        return kinds[column] == other.kinds[column]
                && Arrays.equals(
                        buffer.array(),
                        buffer.arrayOffset() + offsets[column],
                        buffer.arrayOffset() + offsets[column] + lengths[column],
                        other.buffer.array(),
                        other.buffer.arrayOffset() + other.offsets[column],
                        other.buffer.arrayOffset() + other.offsets[column] + other.lengths[column]);
    }
}
