package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.text.JsonText;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * The extension type {@code hstore}: int32 number of pairs, of each int32 length and text of the key, int32 length (-1
 * for null) and text of the value. As a JSON object or as a map; the reporting store keeps either as JSON, where the
 * extension may not be.
 */
enum HstoreCodec implements TypeCodec {
    /** Such text is written as any JSON is. */
    JSON {
        @Override
        public SchemaBuilder schema() {
            return SchemaBuilder.string().name("io.debezium.data.Json").version(1);
        }

        @Override
        public Object read(ByteBuffer in, int length) {
            return json(pairs(in));
        }

        @Override
        public boolean accepts(Schema schema) {
            return false;
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            throw new UnsupportedOperationException("hstore");
        }
    },
    /** Written to a column of the type json. */
    MAP,
    /** Written to a column of the type jsonb. */
    MAP_AS_JSONB {
        @Override
        public void write(Object value, BinaryWriter out) {
            TextCodec.JSONB.write(json((Map<?, ?>) value), out);
        }
    };

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return pairs(in);
    }

    @Override
    public boolean accepts(Schema schema) {
        return schema.type() == Schema.Type.MAP
                && schema.keySchema().type() == Schema.Type.STRING
                && schema.valueSchema().type() == Schema.Type.STRING;
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        TextCodec.JSON.write(json((Map<?, ?>) value), out);
    }

    private static Map<String, String> pairs(ByteBuffer in) {
        int count = in.getInt();
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = TextCodec.readUtf8(in, in.getInt());
            int size = in.getInt();
            pairs.put(key, size < 0 ? null : TextCodec.readUtf8(in, size));
        }
        return pairs;
    }

    private static String json(Map<?, ?> pairs) {
        StringBuilder json = new StringBuilder("{");
        pairs.forEach((key, value) -> {
            json.append(json.length() == 1 ? "" : ",");
            JsonText.append((String) key, json);
            json.append(':');
            if (value == null) {
                json.append("null");
            } else {
                JsonText.append((String) value, json);
            }
        });
        return json.append('}').toString();
    }
}
