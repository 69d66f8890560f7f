package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.text.JsonText;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * The extension type {@code hstore} as a JSON object: int32 number of pairs, of each int32 length and text of the key,
 * int32 length (-1 for null) and text of the value.
 */
enum HstoreCodec implements TypeCodec {
    JSON;

    private static final String SCHEMA_NAME = "io.debezium.data.Json";

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.string().name(SCHEMA_NAME).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        int pairs = in.getInt();
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < pairs; i++) {
            json.append(i == 0 ? "" : ",");
            JsonText.append(TextCodec.readUtf8(in, in.getInt()), json);
            json.append(':');
            int size = in.getInt();
            if (size < 0) {
                json.append("null");
            } else {
                JsonText.append(TextCodec.readUtf8(in, size), json);
            }
        }
        return json.append('}').toString();
    }

    /** Such text is no hstore: only the ledger's side is read. */
    @Override
    public boolean accepts(Schema schema) {
        return false;
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        throw new UnsupportedOperationException("hstore");
    }
}
