package io.ledgerconnect.common.type;

/** IEEE 754 numbers of 16 bits ↔ float. Every such number is a float, so that nothing is lost. */
final class HalfFloats {
    private static final int SIGN = 0x8000;
    private static final int EXPONENT = 0x7C00;
    private static final int FRACTION = 0x03FF;
    private static final int FRACTION_BITS = 10;
    private static final int BIAS = 15;
    /** The smallest step between two numbers, 2^-24. */
    private static final float SMALLEST = 0x1p-24f;

    private HalfFloats() {}

    static float toFloat(short half) {
        int exponent = half & EXPONENT;
        int fraction = half & FRACTION;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * SMALLEST;
        } else if (exponent == EXPONENT) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Math.scalb(1 + fraction / (float) (1 << FRACTION_BITS), (exponent >> FRACTION_BITS) - BIAS);
        }
        return (half & SIGN) == 0 ? magnitude : -magnitude;
    }

    /**
     * The number itself.
     *
     * @throws UnwritableValueException when 16 bits do not hold it
     */
    static int toHalf(float number) {
        int sign = Float.floatToRawIntBits(number) < 0 ? SIGN : 0;
        float magnitude = Math.abs(number);
        int bits;
        if (Float.isNaN(number)) {
            bits = EXPONENT | 1;
        } else if (Float.isInfinite(number)) {
            bits = EXPONENT;
        } else if (magnitude < 0x1p-14f) {
            bits = (int) (magnitude / SMALLEST);
        } else {
            int exponent = Math.getExponent(magnitude);
            int fraction = (int) ((Math.scalb(magnitude, -exponent) - 1) * (1 << FRACTION_BITS));
            bits = Math.min(exponent + BIAS, BIAS * 2 + 1) << FRACTION_BITS | fraction;
        }
        int half = sign | bits;
        if (!Float.isNaN(number) && toFloat((short) half) != number) {
            throw new UnwritableValueException("a number is not one of 16 bits");
        }
        return half;
    }
}
