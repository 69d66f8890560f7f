package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Decimals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * {@code money}: int64 hundredths on the wire, where the server's {@code lc_monetary} has two decimals, as nearly all
 * have. Represented as {@code numeric} is.
 */
record MoneyCodec(Decimals mode) implements TypeCodec {
    private static final int SCALE = 2;

    @Override
    public SchemaBuilder schema() {
        return switch (mode) {
            case PRECISE -> Decimal.builder(SCALE);
            case DOUBLE -> SchemaBuilder.float64();
            case STRING -> SchemaBuilder.string();
        };
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        BigDecimal amount = BigDecimal.valueOf(in.getLong(), SCALE);
        return switch (mode) {
            case PRECISE -> amount;
            case DOUBLE -> amount.doubleValue();
            case STRING -> amount.toPlainString();
        };
    }

    @Override
    public boolean accepts(Schema schema) {
        return NumericCodec.isDecimal(schema)
                || NumberCodec.isInteger(schema)
                || (schema.name() == null
                        && (schema.type() == Schema.Type.STRING || schema.type() == Schema.Type.FLOAT64));
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        try {
            BigDecimal amount = value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
            out.putLong(amount.setScale(SCALE, RoundingMode.UNNECESSARY)
                    .unscaledValue()
                    .longValueExact());
        } catch (NumberFormatException e) {
            throw new UnwritableValueException("the value is not an amount of money", e);
        } catch (ArithmeticException e) {
            throw new UnwritableValueException(
                    "the amount has more than two decimals, or is larger than money holds", e);
        }
    }
}
