package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Writes a struct field by field, without looking up a name. Not thread-safe. */
final class StructWriter implements ValueWriter {
    private final Schema schema;
    private final FieldWriter[] fields;
    /** The last schema that was found equal: comparing two schemas costs more than writing a row. */
    private Schema equal;

    StructWriter(Schema schema, JsonSettings settings) {
        this.schema = schema;
        equal = schema;
        fields = schema.fields().stream()
                .map(field -> new FieldWriter(field, settings))
                .toArray(FieldWriter[]::new);
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        Struct struct = (Struct) value;
        if (struct.schema() != equal) {
            requireEqual(struct.schema());
        }
        if (fields.length == 0) {
            out.writeRaw('{');
        }
        for (FieldWriter field : fields) {
            field.write(struct, out);
        }
        out.writeRaw('}');
    }

    private void requireEqual(Schema other) {
        if (!other.equals(schema)) {
            throw new UnusualException("a struct of another schema");
        }
        // A schema of another class, such as a builder, may change.
        if (other instanceof ConnectSchema) {
            equal = other;
        }
    }

    private static final class FieldWriter {
        private final Field field;
        /** The brace or comma before the name, the name, the colon. */
        private final SerializedString lead;

        private final NullableWriter value;
        private final boolean keepsNull;

        FieldWriter(Field field, JsonSettings settings) {
            this.field = field;
            lead = new SerializedString((field.index() == 0 ? "{" : ",") + JsonText.quoted(field.name()) + ":");
            value = new NullableWriter(field.schema(), settings);
            keepsNull = !settings.replaceNullWithDefault() && field.schema().defaultValue() != null;
        }

        void write(Struct struct, JsonGenerator out) throws IOException {
            out.writeRaw(lead);
            // Only the lookup by name leaves a null as it is.
            value.write(keepsNull ? struct.getWithoutDefault(field.name()) : struct.get(field), out);
        }
    }
}
