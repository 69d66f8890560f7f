package io.ledgerconnect.common.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;

/**
 * {@code numeric}'s binary format, from PostgreSQL's {@code numeric_send}: int16 number of base-10000 digits, int16
 * weight of the first digit, uint16 sign (or NaN, infinities), uint16 display scale, then the digits.
 */
final class Numerics {
    static final int POSITIVE = 0x0000;
    static final int NEGATIVE = 0x4000;
    static final int NAN = 0xC000;
    static final int POSITIVE_INFINITY = 0xD000;
    static final int NEGATIVE_INFINITY = 0xF000;

    private static final int DIGITS_IN_LONG = 4;
    private static final int MAX_SCALE = 16383;
    private static final BigInteger BASE = BigInteger.valueOf(10_000);

    private Numerics() {}

    /** Reads a number; null when it is NaN or infinite, whose sign word then is in {@code sign[0]}. */
    static BigDecimal read(ByteBuffer in, int[] sign) {
        int count = in.getShort();
        int weight = in.getShort();
        sign[0] = in.getShort() & 0xFFFF;
        int scale = in.getShort() & 0xFFFF;
        if (sign[0] == NAN || sign[0] == POSITIVE_INFINITY || sign[0] == NEGATIVE_INFINITY) {
            return null;
        }
        // Digits are groups of four decimals: the last one stands for 10000^(weight - count + 1).
        int unscaledExponent = 4 * (weight - count + 1);
        BigDecimal number = count <= DIGITS_IN_LONG
                ? BigDecimal.valueOf(signed(smallMagnitude(in, count), sign[0]), -unscaledExponent)
                : new BigDecimal(signed(largeMagnitude(in, count), sign[0]), -unscaledExponent);
        // Trailing groups of zeros are not sent, and the last group may go beyond the display scale.
        return number.setScale(scale, java.math.RoundingMode.UNNECESSARY);
    }

    private static long smallMagnitude(ByteBuffer in, int count) {
        long magnitude = 0;
        for (int i = 0; i < count; i++) {
            magnitude = magnitude * 10_000 + in.getShort();
        }
        return magnitude;
    }

    private static BigInteger largeMagnitude(ByteBuffer in, int count) {
        BigInteger magnitude = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            magnitude = magnitude.multiply(BASE).add(BigInteger.valueOf(in.getShort()));
        }
        return magnitude;
    }

    private static long signed(long magnitude, int sign) {
        return sign == NEGATIVE ? -magnitude : magnitude;
    }

    private static BigInteger signed(BigInteger magnitude, int sign) {
        return sign == NEGATIVE ? magnitude.negate() : magnitude;
    }

    static void write(BigDecimal number, BinaryWriter out) {
        BigDecimal scaled = number.scale() < 0 ? number.setScale(0) : number;
        int scale = scaled.scale();
        if (scale > MAX_SCALE) {
            throw new UnwritableValueException("the number has more than " + MAX_SCALE + " decimals");
        }
        // Pad the fraction to whole groups of four decimals, then split from the right.
        int fractionGroups = (scale + 3) / 4;
        int padding = fractionGroups * 4 - scale;
        BigInteger magnitude = scaled.unscaledValue().abs().multiply(BigInteger.TEN.pow(padding));
        String decimals = magnitude.toString();
        int groups = (decimals.length() + 3) / 4;
        if (magnitude.signum() == 0) {
            writeHeader(out, 0, 0, POSITIVE, scale);
            return;
        }
        short[] digits = split(decimals, groups);
        int last = groups;
        while (last > 0 && digits[last - 1] == 0) {
            last--;
        }
        writeHeader(out, last, groups - fractionGroups - 1, number.signum() < 0 ? NEGATIVE : POSITIVE, scale);
        for (int i = 0; i < last; i++) {
            out.putShort(digits[i]);
        }
    }

    private static short[] split(String decimals, int groups) {
        short[] digits = new short[groups];
        int end = decimals.length();
        for (int i = groups - 1; i >= 0; i--) {
            int begin = Math.max(0, end - 4);
            digits[i] = (short) Integer.parseInt(decimals, begin, end, 10);
            end = begin;
        }
        return digits;
    }

    static void writeSpecial(int sign, BinaryWriter out) {
        writeHeader(out, 0, 0, sign, 0);
    }

    private static void writeHeader(BinaryWriter out, int digits, int weight, int sign, int scale) {
        out.putShort(digits);
        out.putShort(weight);
        out.putShort(sign);
        out.putShort(scale);
    }

    /** The scale that a {@code Decimal} schema declares; a schema without one counts as not integral. */
    static int scale(Schema schema) {
        String scale = schema.parameters() == null ? null : schema.parameters().get(Decimal.SCALE_FIELD);
        return scale == null ? Integer.MAX_VALUE : Integer.parseInt(scale);
    }
}
