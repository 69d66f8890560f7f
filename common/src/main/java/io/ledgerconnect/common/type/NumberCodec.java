package io.ledgerconnect.common.type;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Integers and floating point numbers of fixed width. */
enum NumberCodec implements TypeCodec {
    INT2(Schema.Type.INT16) {
        @Override
        public Object read(ByteBuffer in, int length) {
            return in.getShort();
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putShort((int) integer(value, Short.MIN_VALUE, Short.MAX_VALUE));
        }
    },
    INT4(Schema.Type.INT32) {
        @Override
        public Object read(ByteBuffer in, int length) {
            return in.getInt();
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putInt((int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
    },
    INT8(Schema.Type.INT64) {
        @Override
        public Object read(ByteBuffer in, int length) {
            return in.getLong();
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putLong(integer(value, Long.MIN_VALUE, Long.MAX_VALUE));
        }
    },
    OID(Schema.Type.INT64) {
        @Override
        public Object read(ByteBuffer in, int length) {
            return Integer.toUnsignedLong(in.getInt());
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putInt((int) integer(value, 0, 0xFFFFFFFFL));
        }
    },
    FLOAT4(Schema.Type.FLOAT32) {
        @Override
        public Object read(ByteBuffer in, int length) {
            return in.getFloat();
        }

        @Override
        public boolean accepts(Schema schema) {
            return schema.type() == Schema.Type.FLOAT32;
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putInt(Float.floatToRawIntBits(((Number) value).floatValue()));
        }
    },
    FLOAT8(Schema.Type.FLOAT64) {
        @Override
        public Object read(ByteBuffer in, int length) {
            return in.getDouble();
        }

        @Override
        public boolean accepts(Schema schema) {
            return schema.type() == Schema.Type.FLOAT32 || schema.type() == Schema.Type.FLOAT64;
        }

        @Override
        public void write(Object value, BinaryWriter out) {
            out.putLong(Double.doubleToRawLongBits(((Number) value).doubleValue()));
        }
    };

    private final Schema.Type type;

    NumberCodec(Schema.Type type) {
        this.type = type;
    }

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.type(type);
    }

    @Override
    public boolean accepts(Schema schema) {
        return isInteger(schema) || (Decimal.LOGICAL_NAME.equals(schema.name()) && Numerics.scale(schema) <= 0);
    }

    static boolean isInteger(Schema schema) {
        return schema.name() == null
                && switch (schema.type()) {
                    case INT8, INT16, INT32, INT64 -> true;
                    default -> false;
                };
    }

    private static long integer(Object value, long min, long max) {
        long number = value instanceof BigDecimal decimal ? exact(decimal) : ((Number) value).longValue();
        if (number < min || number > max) {
            throw new UnwritableValueException("the number is outside " + min + " to " + max);
        }
        return number;
    }

    private static long exact(BigDecimal decimal) {
        try {
            return decimal.longValueExact();
        } catch (ArithmeticException e) {
            throw new UnwritableValueException("the number is not a 64-bit integer", e);
        }
    }
}
