package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** {@code point}: float8 x and y on the wire, and Debezium's Point, whose last two fields other databases fill. */
final class PointCodec implements TypeCodec {
    static final String SCHEMA_NAME = "io.debezium.data.geometry.Point";
    static final PointCodec POINT = new PointCodec(struct().build());

    private final Schema column;
    private final Field x;
    private final Field y;

    private PointCodec(Schema column) {
        this.column = column;
        this.x = column.field("x");
        this.y = column.field("y");
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
        return new Struct(column).put(x, in.getDouble()).put(y, in.getDouble());
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
