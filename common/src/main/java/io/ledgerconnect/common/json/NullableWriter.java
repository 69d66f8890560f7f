package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.kafka.connect.data.Schema;

/** A place where null may stand: a payload, a field, an element. */
final class NullableWriter {
    private final ValueWriter writer;
    private final Object replacement;
    private final boolean optional;

    NullableWriter(Schema schema, JsonSettings settings) {
        writer = ValueWriters.of(schema, settings);
        replacement = settings.replaceNullWithDefault() ? schema.defaultValue() : null;
        optional = schema.isOptional();
    }

    void write(Object value, JsonGenerator out) throws IOException {
        if (value != null) {
            writer.write(value, out);
        } else {
            writeNull(out);
        }
    }

    private void writeNull(JsonGenerator out) throws IOException {
        if (replacement != null) {
            writer.write(replacement, out);
        } else if (optional) {
            out.writeNull();
        } else {
            throw new UnusualException("null where a value is required");
        }
    }
}
