package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * {@code bit(n)}: int32 number of bits, then the bits, the first the highest of its byte. A single bit is a boolean;
 * more are Debezium's Bits, whose first byte holds the last eight bits of the text.
 *
 * @param length declared number of bits, from 1 on
 */
record BitsCodec(int length) implements TypeCodec {
    static final String SCHEMA_NAME = "io.debezium.data.Bits";
    private static final String LENGTH = "length";

    private boolean isBoolean() {
        return length == 1;
    }

    @Override
    public SchemaBuilder schema() {
        return isBoolean()
                ? SchemaBuilder.bool()
                : SchemaBuilder.bytes().name(SCHEMA_NAME).version(1).parameter(LENGTH, Integer.toString(length));
    }

    @Override
    public Object read(ByteBuffer in, int size) {
        int bits = in.getInt();
        int begin = in.position();
        in.position(begin + size - Integer.BYTES);
        if (isBoolean()) {
            return bit(in, begin, 0);
        }
        byte[] littleEndian = new byte[(bits + Byte.SIZE - 1) / Byte.SIZE];
        for (int i = 0; i < bits; i++) {
            if (bit(in, begin, bits - 1 - i)) {
                littleEndian[i / Byte.SIZE] |= (byte) (1 << i % Byte.SIZE);
            }
        }
        return littleEndian;
    }

    private static boolean bit(ByteBuffer in, int begin, int index) {
        return (in.get(begin + index / Byte.SIZE) >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1) != 0;
    }

    @Override
    public boolean accepts(Schema schema) {
        return isBoolean() ? schema.type() == Schema.Type.BOOLEAN : isOfLength(schema);
    }

    /** Another length would be cut, or padded on the wrong side. */
    private boolean isOfLength(Schema schema) {
        return SCHEMA_NAME.equals(schema.name())
                && schema.parameters() != null
                && Integer.toString(length).equals(schema.parameters().get(LENGTH));
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        byte[] littleEndian = value instanceof Boolean bit ? new byte[] {(byte) (bit ? 1 : 0)} : bytes(value);
        byte[] wire = new byte[(length + Byte.SIZE - 1) / Byte.SIZE];
        for (int i = 0; i < littleEndian.length * Byte.SIZE; i++) {
            if ((littleEndian[i / Byte.SIZE] >> i % Byte.SIZE & 1) == 0) {
                continue;
            }
            if (i >= length) {
                throw new UnwritableValueException("the bits are more than bit(" + length + ") holds");
            }
            int index = length - 1 - i;
            wire[index / Byte.SIZE] |= (byte) (1 << (Byte.SIZE - 1 - index % Byte.SIZE));
        }
        out.putInt(length);
        out.putBytes(wire);
    }

    private static byte[] bytes(Object value) {
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return (byte[]) value;
    }
}
