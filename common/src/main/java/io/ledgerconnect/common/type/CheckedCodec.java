package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** A codec that refuses some of the values that another one would write, and is like it otherwise. */
interface CheckedCodec extends TypeCodec {
    /** The other one. */
    TypeCodec codec();

    @Override
    default SchemaBuilder schema() {
        return codec().schema();
    }

    @Override
    default Object read(ByteBuffer in, int length) {
        return codec().read(in, length);
    }

    @Override
    default boolean accepts(Schema schema) {
        return codec().accepts(schema);
    }
}
