package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Types whose Connect value is a string. */
enum TextCodec implements TypeCodec {
    TEXT(null),
    JSON("io.debezium.data.Json"),
    XML("io.debezium.data.Xml"),
    JSONB("io.debezium.data.Json") {
        /** The first byte is the format's version, 1, as {@code jsonb_send} writes it. */
        @Override
        public Object read(ByteBuffer in, int length) {
            byte version = in.get();
            if (version != 1) {
                throw new IllegalArgumentException("jsonb of version " + version);
            }
            return super.read(in, length - 1);
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putByte(1);
            super.write(value, out);
        }
    },
    UUID("io.debezium.data.Uuid") {
        @Override
        public Object read(ByteBuffer in, int length) {
            return new UUID(in.getLong(), in.getLong()).toString();
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            UUID uuid = parse((String) value);
            out.putLong(uuid.getMostSignificantBits());
            out.putLong(uuid.getLeastSignificantBits());
        }

        private static UUID parse(String text) {
            try {
                return java.util.UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw new UnwritableValueException("the text is not a UUID", e);
            }
        }
    };

    private final String schemaName;

    TextCodec(String schemaName) {
        this.schemaName = schemaName;
    }

    @Override
    public SchemaBuilder schema() {
        SchemaBuilder schema = SchemaBuilder.string();
        return schemaName == null ? schema : schema.name(schemaName).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return readUtf8(in, length);
    }

    static String readUtf8(ByteBuffer in, int length) {
        String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    /** A text column takes every string; the others take their own kind and plain strings. */
    @Override
    public boolean accepts(Schema schema) {
        return schema.type() == Schema.Type.STRING
                && (this == TEXT || schema.name() == null || schema.name().equals(schemaName));
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        String text = (String) value;
        if (text.indexOf('\0') >= 0) {
            throw new UnwritableValueException("the text contains a zero character, which PostgreSQL cannot store");
        }
        out.putUtf8(text);
    }

    /** An enum: text on the wire, its labels in the schema. */
    record Labels(List<String> labels) implements TypeCodec {
        static final String SCHEMA_NAME = "io.debezium.data.Enum";

        @Override
        public SchemaBuilder schema() {
            return SchemaBuilder.string().name(SCHEMA_NAME).version(1).parameter("allowed", String.join(",", labels));
        }

        @Override
        public Object read(ByteBuffer in, int length) {
            return readUtf8(in, length);
        }

        @Override
        public boolean accepts(Schema schema) {
            return schema.type() == Schema.Type.STRING
                    && (schema.name() == null || schema.name().equals(SCHEMA_NAME));
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            TEXT.write(value, out);
        }
    }
}
