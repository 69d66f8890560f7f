package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

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
        private static final int TEXT_LENGTH = 36;

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
                if (text.length() != TEXT_LENGTH) {
                    throw new IllegalArgumentException("a UUID has " + TEXT_LENGTH + " characters");
                }
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
        int begin = in.arrayOffset() + in.position();
        in.position(in.position() + length);
        String text = new String(in.array(), begin, length, StandardCharsets.UTF_8);
        // Java puts this character in the place of every byte that is no UTF-8.
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8(text, in.array(), begin, length);
        }
        return text;
    }

    private static void requireUtf8(String text, byte[] bytes, int begin, int length) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(encoded, 0, encoded.length, bytes, begin, begin + length)) {
            throw new DataException("a text is not UTF-8, as it happens in databases of the encoding SQL_ASCII;"
                    + " correct it in the ledger, or leave the column out with column.exclude.list");
        }
    }

    /** A text column takes every string; the others take their own kind and plain strings. */
    @Override
    public boolean accepts(Schema schema) {
        return schema.type() == Schema.Type.STRING
                && (this == TEXT || schema.name() == null || schema.name().equals(schemaName));
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        out.putUtf8((String) value);
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
