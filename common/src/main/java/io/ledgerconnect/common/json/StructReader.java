package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Reads a struct: quickly while its fields come in the schema's order, which is how both converters write them. */
final class StructReader implements ValueReader {
    private final Schema schema;
    private final FieldReader[] fields;
    private final Map<String, FieldReader> byName = new HashMap<>();

    StructReader(Schema schema, JsonSettings settings) {
        this.schema = schema;
        fields = schema.fields().stream()
                .map(field -> new FieldReader(field, settings))
                .toArray(FieldReader[]::new);
        for (FieldReader field : fields) {
            byName.put(field.name.getValue(), field);
        }
    }

    @Override
    public Object read(JsonParser in) throws IOException {
        ValueReader.require(JsonToken.START_OBJECT, in);
        Struct struct = new Struct(schema);
        for (int i = 0; i < fields.length; i++) {
            if (!in.nextFieldName(fields[i].name)) {
                readInAnyOrder(i, in, struct);
                return struct;
            }
            fields[i].readNext(in, struct);
        }
        if (in.nextToken() != JsonToken.END_OBJECT) {
            readInAnyOrder(fields.length, in, struct);
        }
        return struct;
    }

    /** @param read how many fields were read; the parser stands at the next one's name or at the end */
    private void readInAnyOrder(int read, JsonParser in, Struct struct) throws IOException {
        BitSet seen = new BitSet(fields.length);
        seen.set(0, read);
        for (; in.currentToken() == JsonToken.FIELD_NAME; in.nextToken()) {
            FieldReader field = byName.get(in.currentName());
            if (field == null) {
                in.nextToken();
                in.skipChildren();
            } else if (seen.get(field.slot.index())) {
                throw new UnusualException("a field that stands there twice");
            } else {
                seen.set(field.slot.index());
                field.readNext(in, struct);
            }
        }
        ValueReader.require(JsonToken.END_OBJECT, in);
        for (int i = seen.nextClearBit(0); i < fields.length; i = seen.nextClearBit(i + 1)) {
            fields[i].put(fields[i].value.ofNull(), struct);
        }
    }

    private static final class FieldReader {
        private final SerializedString name;
        private final NullableReader value;
        /**
         * The field without its name: Struct.put composes a sentence with the name, for an error that does not occur,
         * before it looks at the value.
         */
        private final Field slot;

        FieldReader(Field field, JsonSettings settings) {
            name = new SerializedString(field.name());
            value = new NullableReader(field.schema(), settings);
            slot = new Field(null, field.index(), field.schema());
        }

        void readNext(JsonParser in, Struct struct) throws IOException {
            in.nextToken();
            put(value.read(in), struct);
        }

        /** Null is what a new struct has. */
        void put(Object object, Struct struct) {
            if (object != null) {
                struct.put(slot, object);
            }
        }
    }
}
