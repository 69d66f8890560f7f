package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** {@code bytea} and {@code boolean}. */
enum BytesCodec implements TypeCodec {
    BYTEA {
        @Override
        public SchemaBuilder schema() {
            return SchemaBuilder.bytes();
        }

        @Override
        public Object read(ByteBuffer in, int length) {
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        @Override
        public boolean accepts(Schema schema) {
            return schema.type() == Schema.Type.BYTES && schema.name() == null;
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            if (value instanceof ByteBuffer buffer) {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                out.putBytes(bytes);
            } else {
                out.putBytes((byte[]) value);
            }
        }
    },
    BOOLEAN {
        @Override
        public SchemaBuilder schema() {
            return SchemaBuilder.bool();
        }

        @Override
        public Object read(ByteBuffer in, int length) {
            return in.get() != 0;
        }

        @Override
        public boolean accepts(Schema schema) {
            return schema.type() == Schema.Type.BOOLEAN;
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putByte((Boolean) value ? 1 : 0);
        }
    }
}
