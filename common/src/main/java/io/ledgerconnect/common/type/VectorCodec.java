package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** pgvector's {@code vector} and {@code halfvec}: int16 dimensions, int16 unused, then float4 or float2 elements. */
enum VectorCodec implements TypeCodec {
    VECTOR("io.debezium.data.DoubleVector", Schema.Type.FLOAT64) {
        @Override
        Object element(ByteBuffer in) {
            return (double) in.getFloat();
        }

        @Override
        void writeElement(Number element, BinaryWriter out) {
            out.putInt(Float.floatToRawIntBits(element.floatValue()));
        }
    },
    HALF_VECTOR("io.debezium.data.FloatVector", Schema.Type.FLOAT32) {
        @Override
        Object element(ByteBuffer in) {
            return HalfFloats.toFloat(in.getShort());
        }

        @Override
        void writeElement(Number element, BinaryWriter out) {
            out.putShort(HalfFloats.toHalf(element.floatValue()));
        }
    };

    private final String schemaName;
    private final Schema.Type elementType;

    VectorCodec(String schemaName, Schema.Type elementType) {
        this.schemaName = schemaName;
        this.elementType = elementType;
    }

    abstract Object element(ByteBuffer in);

    abstract void writeElement(Number element, BinaryWriter out);

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.array(SchemaBuilder.type(elementType).build())
                .name(schemaName)
                .version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        int dimensions = in.getShort();
        in.getShort();
        List<Object> elements = new ArrayList<>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            elements.add(element(in));
        }
        return elements;
    }

    @Override
    public boolean accepts(Schema schema) {
        return schemaName.equals(schema.name());
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        List<?> elements = (List<?>) value;
        out.putShort(elements.size());
        out.putShort(0);
        for (Object element : elements) {
            writeElement((Number) element, out);
        }
    }
}
