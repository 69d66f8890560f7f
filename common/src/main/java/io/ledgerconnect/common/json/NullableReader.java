package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.apache.kafka.connect.data.Schema;

/** A place where null may stand: a payload, a field, an element. */
final class NullableReader {
    private final ValueReader reader;
    private final Object replacement;
    private final boolean optional;

    NullableReader(Schema schema, JsonSettings settings) {
        reader = ValueReaders.of(schema, settings);
        replacement = settings.replaceNullWithDefault() ? schema.defaultValue() : null;
        optional = schema.isOptional();
    }

    Object read(JsonParser in) throws IOException {
        return in.currentToken() == JsonToken.VALUE_NULL ? ofNull() : reader.read(in);
    }

    /** What null stands for, or a value that is missing. */
    Object ofNull() {
        if (replacement == null && !optional) {
            throw new UnusualException("null where a value is required");
        }
        return replacement;
    }
}
