package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;

/** Writes the records of one schema. Not thread-safe. */
final class SchemaWriter {
    private static final byte[] NOTHING = {};

    private final byte[] before;
    private final NullableWriter payload;
    private final byte[] after;

    private SchemaWriter(byte[] before, NullableWriter payload, byte[] after) {
        this.before = before;
        this.payload = payload;
        this.after = after;
    }

    static SchemaWriter payloadOnly(Schema schema, JsonSettings settings) {
        return new SchemaWriter(NOTHING, new NullableWriter(schema, settings), NOTHING);
    }

    /** @param json the schema, which stands in front of every payload */
    static SchemaWriter withSchema(byte[] json, Schema schema, JsonSettings settings) {
        byte[] before = ByteBuffer.allocate(Envelope.SCHEMA.length + json.length + Envelope.PAYLOAD.length)
                .put(Envelope.SCHEMA)
                .put(json)
                .put(Envelope.PAYLOAD)
                .array();
        return new SchemaWriter(before, new NullableWriter(schema, settings), Envelope.END);
    }

    /** @param out writes to {@code buffer} */
    byte[] write(Object value, JsonGenerator out, PayloadBuffer buffer) throws IOException {
        buffer.reset();
        payload.write(value, out);
        out.flush();
        return buffer.between(before, after);
    }
}
