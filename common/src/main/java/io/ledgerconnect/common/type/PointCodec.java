package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * {@code point}: float8 x and y on the wire, and Debezium's Point, which has both once more as well-known binary and a
 * reference system that only other databases fill.
 */
final class PointCodec implements TypeCodec {
    static final String SCHEMA_NAME = "io.debezium.data.geometry.Point";
    static final PointCodec POINT = new PointCodec(struct().build());

    private final Schema column;
    private final Field x;
    private final Field y;
    private final Field wkb;

    private PointCodec(Schema column) {
        this.column = column;
        this.x = column.field("x");
        this.y = column.field("y");
        this.wkb = column.field("wkb");
    }

    private static SchemaBuilder struct() {
        return SchemaBuilder.struct()
                .name(SCHEMA_NAME)
                .version(1)
                .field("x", Schema.FLOAT64_SCHEMA)
                .field("y", Schema.FLOAT64_SCHEMA)
                .field("wkb", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("srid", Schema.OPTIONAL_INT32_SCHEMA);
    }

    @Override
    public SchemaBuilder schema() {
        return struct();
    }

    @Override
    public TypeCodec of(Schema column) {
        return new PointCodec(column);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        double left = in.getDouble();
        double right = in.getDouble();
        return new Struct(column).put(x, left).put(y, right).put(wkb, wellKnownBinary(left, right));
    }

    /** A byte for the order, int32 1 for a point, float8 x and y, all little-endian. */
    private static byte[] wellKnownBinary(double x, double y) {
        return ByteBuffer.allocate(1 + Integer.BYTES + 2 * Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putInt(1)
                .putDouble(x)
                .putDouble(y)
                .array();
    }

    @Override
    public boolean accepts(Schema schema) {
        return SCHEMA_NAME.equals(schema.name());
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        Struct point = (Struct) value;
        out.putLong(Double.doubleToRawLongBits(point.getFloat64("x")));
        out.putLong(Double.doubleToRawLongBits(point.getFloat64("y")));
    }
}
