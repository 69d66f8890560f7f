package io.ledgerconnect.common.type;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * Arrays of one dimension, in the format of {@code array_send}: int32 dimensions, int32 has-nulls flag, element type
 * OID, per dimension int32 length and int32 lower bound, then each element as int32 length (-1 for null) and bytes.
 */
record ArrayCodec(int elementOid, TypeCodec element) implements TypeCodec {
    /** {@code text}'s, in every database. */
    private static final int TEXT_OID = 25;

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.array(element.schema().optional().build());
    }

    @Override
    public TypeCodec of(Schema column) {
        return new ArrayCodec(elementOid, element.of(column.valueSchema()));
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        int dimensions = in.getInt();
        in.getInt(); // whether there are nulls: each element says so itself
        in.getInt(); // element type: known from the column
        if (dimensions == 0) {
            return List.of();
        }
        if (dimensions > 1) {
            throw new DataException("an array has " + dimensions
                    + " dimensions, and a record's arrays have one: send arrays as text (array.handling.mode=text), or"
                    + " leave the column out with column.exclude.list");
        }
        int count = in.getInt();
        in.getInt(); // lower bound: Connect's arrays have none
        if (count > in.remaining() / Integer.BYTES) {
            throw new BufferUnderflowException(); // before room for as many is made
        }
        List<Object> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int size = in.getInt();
            elements.add(size < 0 ? null : element.read(in, size));
        }
        return elements;
    }

    @Override
    public boolean accepts(Schema schema) {
        return schema.type() == Schema.Type.ARRAY && element.accepts(schema.valueSchema());
    }

    @Override
    public boolean writesText() {
        return element.writesText();
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        List<?> elements = (List<?>) value;
        out.putInt(elements.isEmpty() ? 0 : 1);
        out.putInt(hasNull(elements) ? 1 : 0);
        out.putInt(writesText() ? TEXT_OID : elementOid);
        if (elements.isEmpty()) {
            return;
        }
        out.putInt(elements.size());
        out.putInt(1);
        for (Object item : elements) {
            if (item == null) {
                out.putNullField();
            } else {
                int field = out.beginField();
                element.write(item, out);
                out.endField(field);
            }
        }
    }

    /** {@code contains(null)} throws on some immutable lists. */
    private static boolean hasNull(List<?> elements) {
        for (Object item : elements) {
            if (item == null) {
                return true;
            }
        }
        return false;
    }
}
