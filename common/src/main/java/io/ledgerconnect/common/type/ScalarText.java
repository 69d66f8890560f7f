package io.ledgerconnect.common.type;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Integers, decimals and booleans in a column of the type {@code text}, as the server's cast writes them: a column that
 * was retyped in the ledger has to hold values of both types for as long as both are on their way.
 */
enum ScalarText implements TypeCodec {
    INSTANCE;

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.string();
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return TextCodec.TEXT.read(in, length);
    }

    @Override
    public boolean accepts(Schema schema) {
        return switch (schema.type()) {
            case INT8, INT16, INT32, INT64, BOOLEAN -> schema.name() == null;
            case BYTES -> Decimal.LOGICAL_NAME.equals(schema.name());
            default -> false;
        };
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        out.putUtf8(value instanceof BigDecimal number ? number.toPlainString() : value.toString());
    }
}
