package io.ledgerconnect.common.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;

/**
 * {@code numeric}'s binary format, from PostgreSQL's {@code numeric_send}: uint16 number of base-10000 digits, int16
 * weight of the first digit, uint16 sign (or NaN, infinities), uint16 display scale, then the digits.
 *
 * <p>Numbers of up to 16 decimals, which nearly all amounts are, pass through a {@code long}.
 */
public final class Numerics {
    static final int POSITIVE = 0x0000;
    static final int NEGATIVE = 0x4000;
    public static final int NAN = 0xC000;
    public static final int POSITIVE_INFINITY = 0xD000;
    public static final int NEGATIVE_INFINITY = 0xF000;

    /** What the server sends as an infinity's display scale; it does not read it. */
    private static final int INFINITY_SCALE = 0x20;

    private static final int BASE = 10_000;
    private static final int HEADER_BYTES = 8;
    private static final int SIGN_AT = 4;
    private static final int DIGITS_IN_LONG = 4;
    private static final int DECIMALS_IN_LONG = 18;
    /** With up to three decimals of padding these still fit a long. */
    private static final int SMALL_BITS = 53;

    /** The limits of the type: "up to 131072 digits before the decimal point; up to 16383 digits after". */
    private static final int MAX_INTEGER_DECIMALS = 131_072;

    private static final int MAX_SCALE = 16_383;
    private static final long[] POWERS_OF_TEN = powersOfTen();
    private static final BigInteger BASE_TO_THE_FOURTH = BigInteger.valueOf(POWERS_OF_TEN[16]);

    private Numerics() {}

    private static long[] powersOfTen() {
        long[] powers = new long[DECIMALS_IN_LONG + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /** The sign word of the number that the buffer stands before. */
    public static int sign(ByteBuffer in) {
        return in.getShort(in.position() + SIGN_AT) & 0xFFFF;
    }

    /** Whether a sign word stands for NaN or an infinity. */
    public static boolean isSpecial(int sign) {
        return sign == NAN || sign == POSITIVE_INFINITY || sign == NEGATIVE_INFINITY;
    }

    /** Moves the buffer past NaN or an infinity. */
    public static void skipSpecial(ByteBuffer in) {
        in.position(in.position() + HEADER_BYTES);
    }

    /** Reads a finite number. Its scale is the display scale. */
    public static BigDecimal read(ByteBuffer in) {
        int count = in.getShort() & 0xFFFF;
        int weight = in.getShort();
        boolean negative = in.getShort() != 0;
        int scale = in.getShort() & 0xFFFF;
        // The last digit stands for 10000^(weight - count + 1). Trailing zeros are not sent, and the last digit may go
        // beyond the display scale: so many decimals are missing, or too many.
        int missing = scale + 4 * (weight - count + 1);
        if (count == 0) {
            return BigDecimal.valueOf(0, scale);
        }
        if (count > DIGITS_IN_LONG) {
            BigInteger magnitude = largeMagnitude(in, count);
            return rescaled(new BigDecimal(negative ? magnitude.negate() : magnitude, scale - missing), scale);
        }
        long magnitude = smallMagnitude(in, count);
        long signed = negative ? -magnitude : magnitude;
        if (missing >= 0 && missing + 4 * count <= DECIMALS_IN_LONG) {
            return BigDecimal.valueOf(signed * POWERS_OF_TEN[missing], scale);
        }
        if (missing < 0 && missing >= -3 && signed % POWERS_OF_TEN[-missing] == 0) {
            return BigDecimal.valueOf(signed / POWERS_OF_TEN[-missing], scale);
        }
        return rescaled(BigDecimal.valueOf(signed, scale - missing), scale);
    }

    private static BigDecimal rescaled(BigDecimal number, int scale) {
        return number.setScale(scale, RoundingMode.UNNECESSARY);
    }

    private static long smallMagnitude(ByteBuffer in, int count) {
        long magnitude = 0;
        for (int i = 0; i < count; i++) {
            magnitude = magnitude * BASE + in.getShort();
        }
        return magnitude;
    }

    private static BigInteger largeMagnitude(ByteBuffer in, int count) {
        int first = count % DIGITS_IN_LONG;
        BigInteger magnitude = BigInteger.valueOf(smallMagnitude(in, first));
        for (int i = first; i < count; i += DIGITS_IN_LONG) {
            magnitude =
                    magnitude.multiply(BASE_TO_THE_FOURTH).add(BigInteger.valueOf(smallMagnitude(in, DIGITS_IN_LONG)));
        }
        return magnitude;
    }

    /**
     * Throws when the number is beyond the type's limits. Costs nothing of the number's size, so it comes before
     * anything that would write out {@code 1E+1000000000}.
     */
    static void requireStorable(BigDecimal number) {
        if (number.scale() > MAX_SCALE) {
            throw new UnwritableValueException("the number has more than " + MAX_SCALE + " decimals");
        }
        if (number.signum() != 0 && (long) number.precision() - number.scale() > MAX_INTEGER_DECIMALS) {
            throw new UnwritableValueException("the number is larger than numeric can be");
        }
    }

    /** Appends a storable number. */
    static void write(BigDecimal number, BinaryWriter out) {
        BigDecimal scaled = number.scale() < 0 ? number.setScale(0) : number;
        int scale = scaled.scale();
        // Pad the fraction to whole groups of four decimals, so that groups are digits of the format.
        int fractionGroups = (scale + 3) / 4;
        int padding = fractionGroups * 4 - scale;
        int sign = scaled.signum() < 0 ? NEGATIVE : POSITIVE;
        BigInteger unscaled = scaled.unscaledValue();
        if (unscaled.signum() == 0) {
            writeHeader(out, 0, 0, POSITIVE, scale);
        } else if (unscaled.bitLength() <= SMALL_BITS) {
            writeSmall(Math.abs(unscaled.longValue()) * POWERS_OF_TEN[padding], fractionGroups, sign, scale, out);
        } else {
            writeLarge(
                    unscaled.abs().multiply(BigInteger.valueOf(POWERS_OF_TEN[padding])),
                    fractionGroups,
                    sign,
                    scale,
                    out);
        }
    }

    private static void writeSmall(long magnitude, int fractionGroups, int sign, int scale, BinaryWriter out) {
        long rest = magnitude;
        int trailingZeros = 0;
        while (rest % BASE == 0) {
            rest /= BASE;
            trailingZeros++;
        }
        int count = 1;
        long unit = 1;
        while (rest / unit >= BASE) {
            unit *= BASE;
            count++;
        }
        writeHeader(out, count, count + trailingZeros - fractionGroups - 1, sign, scale);
        for (; unit > 0; unit /= BASE) {
            out.putShort((int) (rest / unit % BASE));
        }
    }

    private static void writeLarge(BigInteger magnitude, int fractionGroups, int sign, int scale, BinaryWriter out) {
        String decimals = magnitude.toString();
        int groups = (decimals.length() + 3) / 4;
        int firstEnd = decimals.length() - 4 * (groups - 1);
        int last = groups;
        while (group(decimals, firstEnd, last - 1) == 0) {
            last--;
        }
        writeHeader(out, last, groups - fractionGroups - 1, sign, scale);
        for (int i = 0; i < last; i++) {
            out.putShort(group(decimals, firstEnd, i));
        }
    }

    private static int group(String decimals, int firstEnd, int index) {
        int end = firstEnd + 4 * index;
        return Integer.parseInt(decimals, Math.max(0, end - 4), end, 10);
    }

    static void writeSpecial(int sign, BinaryWriter out) {
        writeHeader(out, 0, 0, sign, sign == NAN ? 0 : INFINITY_SCALE);
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
