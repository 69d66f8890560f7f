package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.text.TextForm;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Types whose value is the text that the server would write for it. Written as text too: the server casts it.
 *
 * @param schemaName Debezium's name for the type's schema, or null
 */
record TextFormCodec(TextForm form, String schemaName) implements TypeCodec {
    @Override
    public SchemaBuilder schema() {
        SchemaBuilder schema = SchemaBuilder.string();
        return schemaName == null ? schema : schema.name(schemaName).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return form.text(in, length);
    }

    @Override
    public boolean accepts(Schema schema) {
        return schema.type() == Schema.Type.STRING
                && (schema.name() == null || schema.name().equals(schemaName));
    }

    @Override
    public boolean writesText() {
        return true;
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        out.putUtf8((String) value);
    }
}
