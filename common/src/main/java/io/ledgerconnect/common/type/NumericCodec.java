package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Decimals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * {@code numeric} as Connect's Decimal, as Debezium's VariableScaleDecimal where no scale is declared, double or text.
 */
final class NumericCodec implements TypeCodec {
    static final String VARIABLE_SCALE = "io.debezium.data.VariableScaleDecimal";

    private final Decimals mode;
    /** Declared decimals in all; 0 when none are declared. */
    private final int precision;

    private final int scale;
    private final Schema structSchema;
    private final Field scaleField;
    private final Field valueField;

    NumericCodec(Decimals mode, int typeModifier) {
        // numeric's modifier is ((precision << 16) | scale in 11 bits, signed) + 4, see numerictypmodin.
        this(
                mode,
                typeModifier < 4 ? 0 : ((typeModifier - 4) >>> 16) & 0xffff,
                typeModifier < 4 ? 0 : (((typeModifier - 4) & 0x7ff) ^ 1024) - 1024,
                variableScale().build());
    }

    private NumericCodec(Decimals mode, int precision, int scale, Schema structSchema) {
        this.mode = mode;
        this.precision = precision;
        this.scale = scale;
        this.structSchema = structSchema;
        this.scaleField = structSchema.field("scale");
        this.valueField = structSchema.field("value");
    }

    private boolean fixedScale() {
        return precision > 0;
    }

    @Override
    public SchemaBuilder schema() {
        return switch (mode) {
            case STRING -> SchemaBuilder.string();
            case DOUBLE -> SchemaBuilder.float64();
            case PRECISE ->
                fixedScale()
                        ? Decimal.builder(scale).parameter("connect.decimal.precision", Integer.toString(precision))
                        : variableScale();
        };
    }

    private static SchemaBuilder variableScale() {
        return SchemaBuilder.struct()
                .name(VARIABLE_SCALE)
                .version(1)
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA);
    }

    @Override
    public TypeCodec of(Schema column) {
        return isVariableScale(column) ? new NumericCodec(mode, precision, scale, column) : this;
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        int sign = Numerics.sign(in);
        if (Numerics.isSpecial(sign)) {
            Numerics.skipSpecial(in);
            return special(sign);
        }
        return represent(Numerics.read(in));
    }

    private Object represent(BigDecimal number) {
        return switch (mode) {
            case STRING -> number.toPlainString();
            case DOUBLE -> number.doubleValue();
            case PRECISE -> fixedScale() ? number.setScale(scale, RoundingMode.UNNECESSARY) : variableScale(number);
        };
    }

    private Object variableScale(BigDecimal number) {
        return new Struct(structSchema)
                .put(scaleField, number.scale())
                .put(valueField, number.unscaledValue().toByteArray());
    }

    private Object special(int sign) {
        double number = switch (sign) {
            case Numerics.NAN -> Double.NaN;
            case Numerics.POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
            default -> Double.NEGATIVE_INFINITY;
        };
        return switch (mode) {
            case STRING -> Double.toString(number);
            case DOUBLE -> number;
            case PRECISE ->
                throw new DataException(
                        "a numeric is NaN or infinite, for which decimal.handling.mode=precise has no form; set decimal.handling.mode=string");
        };
    }

    @Override
    public boolean accepts(Schema schema) {
        return NumberCodec.isInteger(schema)
                || isDecimal(schema)
                || isVariableScale(schema)
                || (schema.name() == null
                        && (schema.type() == Schema.Type.STRING || schema.type() == Schema.Type.FLOAT64));
    }

    static boolean isDecimal(Schema schema) {
        return Decimal.LOGICAL_NAME.equals(schema.name());
    }

    static boolean isVariableScale(Schema schema) {
        return VARIABLE_SCALE.equals(schema.name());
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        if (value instanceof BigDecimal number) {
            writeNumber(number, out);
        } else if (value instanceof Struct struct) {
            writeNumber(new BigDecimal(new BigInteger(struct.getBytes("value")), struct.getInt32("scale")), out);
        } else if (value instanceof Double number) {
            writeDouble(number, out);
        } else if (value instanceof String text) {
            writeText(text, out);
        } else {
            writeNumber(BigDecimal.valueOf(((Number) value).longValue()), out);
        }
    }

    private void writeDouble(double number, BinaryWriter out) {
        if (Double.isFinite(number)) {
            writeNumber(BigDecimal.valueOf(number), out);
        } else {
            Numerics.writeSpecial(specialSign(number), out);
        }
    }

    private static int specialSign(double number) {
        if (Double.isNaN(number)) {
            return Numerics.NAN;
        }
        return number > 0 ? Numerics.POSITIVE_INFINITY : Numerics.NEGATIVE_INFINITY;
    }

    private void writeText(String text, BinaryWriter out) {
        switch (text) {
            case "NaN" -> Numerics.writeSpecial(Numerics.NAN, out);
            case "Infinity" -> Numerics.writeSpecial(Numerics.POSITIVE_INFINITY, out);
            case "-Infinity" -> Numerics.writeSpecial(Numerics.NEGATIVE_INFINITY, out);
            default -> writeNumber(parse(text), out);
        }
    }

    private static BigDecimal parse(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new UnwritableValueException("the text is not a number", e);
        }
    }

    private void writeNumber(BigDecimal number, BinaryWriter out) {
        Numerics.requireStorable(number);
        Numerics.write(fixedScale() ? fitted(number) : number, out);
    }

    /** The server would round silently to the column's scale; money is not rounded. */
    private BigDecimal fitted(BigDecimal number) {
        BigDecimal fitted;
        try {
            fitted = number.setScale(scale, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw new UnwritableValueException(
                    "the number has more decimals than numeric(" + precision + "," + scale + ") keeps", e);
        }
        if (fitted.precision() > precision) {
            throw new UnwritableValueException("the number is too large for numeric(" + precision + "," + scale + ")");
        }
        return fitted;
    }
}
