package io.ledgerconnect.common.type;

/** Time of day in µs since midnight ↔ {@code hh:mm:ss[.f{1,6}]}, trailing zeros of the fraction left out. */
final class ClockText {
    static final long MICROS_PER_SECOND = 1_000_000L;
    private static final int FRACTION_DIGITS = 6;

    private ClockText() {}

    /** Appends a time of day; 24:00:00 is one. */
    static StringBuilder append(StringBuilder text, long microsOfDay) {
        int second = (int) (microsOfDay / MICROS_PER_SECOND);
        appendTwoDigits(text, second / 3600).append(':');
        appendTwoDigits(text, second / 60 % 60).append(':');
        appendTwoDigits(text, second % 60);
        return appendFraction(text, (int) (microsOfDay % MICROS_PER_SECOND));
    }

    static StringBuilder appendTwoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    static StringBuilder appendFraction(StringBuilder text, int micros) {
        if (micros == 0) {
            return text;
        }
        int decimals = FRACTION_DIGITS;
        for (int rest = micros; rest % 10 == 0; rest /= 10) {
            decimals--;
        }
        return appendDecimals(text, micros, decimals);
    }

    /** Appends the first {@code decimals} digits of a fraction, zeros at its end as well. */
    static StringBuilder appendDecimals(StringBuilder text, int micros, int decimals) {
        if (decimals == 0) {
            return text;
        }
        text.append('.');
        int rest = micros;
        int unit = 100_000;
        for (int i = 0; i < decimals; i++) {
            text.append((char) ('0' + rest / unit));
            rest %= unit;
            unit /= 10;
        }
        return text;
    }

    /**
     * Reads a time of day from the characters between {@code begin} and {@code end}.
     *
     * @throws UnwritableValueException when they are none
     */
    static long parse(String text, int begin, int end) {
        require(end - begin >= 8 && text.charAt(begin + 2) == ':' && text.charAt(begin + 5) == ':');
        int hour = digits(text, begin, begin + 2);
        int minute = digits(text, begin + 3, begin + 5);
        int second = digits(text, begin + 6, begin + 8);
        require(minute < 60 && second < 60);
        long micros = (hour * 3600L + minute * 60L + second) * MICROS_PER_SECOND + fraction(text, begin + 8, end);
        require(micros <= TemporalCodec.MICROS_PER_DAY);
        return micros;
    }

    /** µs of {@code .f{1,6}}, or of nothing. */
    static int fraction(String text, int begin, int end) {
        if (begin == end) {
            return 0;
        }
        int count = end - begin - 1;
        require(text.charAt(begin) == '.' && count >= 1 && count <= FRACTION_DIGITS);
        int micros = digits(text, begin + 1, end);
        for (int i = count; i < FRACTION_DIGITS; i++) {
            micros *= 10;
        }
        return micros;
    }

    /** A number of few decimal digits and nothing else. */
    static int digits(String text, int begin, int end) {
        int number = 0;
        for (int i = begin; i < end; i++) {
            int digit = text.charAt(i) - '0';
            require(digit >= 0 && digit <= 9);
            number = number * 10 + digit;
        }
        return number;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new UnwritableValueException(
                    "the text is not a time such as 12:34:56.789, to the microsecond at most");
        }
    }
}
