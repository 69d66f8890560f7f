package io.ledgerconnect.common.type.text;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Floating point numbers with the fewest digits that read back as the same number ({@code extra_float_digits} 1, the
 * server's default): 0.1, 1e+20, NaN, -Infinity.
 */
final class FloatText {
    private static final int FLOAT_DIGITS = 6;
    private static final int DOUBLE_DIGITS = 15;
    /** Digits that tell any two numbers apart: so many more at most. */
    private static final int MORE_FLOAT_DIGITS = 3;

    private static final int MORE_DOUBLE_DIGITS = 2;
    /** All others have as many digits as the type always keeps, zeros at the end left out. */
    private static final int FEWEST_SUBNORMAL_DIGITS = 1;

    private static final int SMALLEST_PLAIN_EXPONENT = -4;

    private FloatText() {}

    static void append(double number, StringBuilder out) {
        if (isSpecial(number, out)) {
            return;
        }
        BigDecimal exact = new BigDecimal(Math.abs(number));
        BigDecimal shortest = exact;
        int fewest = exact.doubleValue() < Double.MIN_NORMAL ? FEWEST_SUBNORMAL_DIGITS : DOUBLE_DIGITS;
        for (int digits = fewest; digits <= DOUBLE_DIGITS + MORE_DOUBLE_DIGITS; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.doubleValue() == Math.abs(number)) {
                break;
            }
        }
        appendDigits(shortest, DOUBLE_DIGITS, out);
    }

    static void append(float number, StringBuilder out) {
        if (isSpecial(number, out)) {
            return;
        }
        BigDecimal exact = new BigDecimal(Math.abs(number));
        BigDecimal shortest = exact;
        int fewest = exact.floatValue() < Float.MIN_NORMAL ? FEWEST_SUBNORMAL_DIGITS : FLOAT_DIGITS;
        for (int digits = fewest; digits <= FLOAT_DIGITS + MORE_FLOAT_DIGITS; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.floatValue() == Math.abs(number)) {
                break;
            }
        }
        appendDigits(shortest, FLOAT_DIGITS, out);
    }

    /** Appends what is no finite number, or the sign. */
    private static boolean isSpecial(double number, StringBuilder out) {
        if (Double.isNaN(number)) {
            out.append("NaN");
            return true;
        }
        if (Double.doubleToRawLongBits(number) < 0) {
            out.append('-');
        }
        if (Double.isInfinite(number)) {
            out.append("Infinity");
            return true;
        }
        return false;
    }

    private static void appendDigits(BigDecimal number, int plainDigits, StringBuilder out) {
        if (number.signum() == 0) {
            out.append('0');
            return;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < plainDigits) {
            out.append(stripped.toPlainString());
            return;
        }
        String digits = stripped.unscaledValue().toString();
        out.append(digits.charAt(0));
        if (digits.length() > 1) {
            out.append('.').append(digits, 1, digits.length());
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        out.append(magnitude < 10 ? "0" : "").append(magnitude);
    }
}
