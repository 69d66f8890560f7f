package io.ledgerconnect.common.type;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * µs since 1970 UTC ↔ ISO 8601 with offset, {@code 2026-11-22T16:00:00.123456Z}, trailing zeros of the fraction left
 * out; {@code infinity} and {@code -infinity} for the largest and smallest number.
 */
final class IsoTimestamps {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long SECONDS_PER_DAY = 86_400L;

    private IsoTimestamps() {}

    static String format(long epochMicros) {
        if (epochMicros == Long.MAX_VALUE) {
            return "infinity";
        }
        if (epochMicros == Long.MIN_VALUE) {
            return "-infinity";
        }
        long seconds = Math.floorDiv(epochMicros, MICROS_PER_SECOND);
        int fraction = (int) Math.floorMod(epochMicros, MICROS_PER_SECOND);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        int secondOfDay = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
        StringBuilder text = new StringBuilder(27).append(date).append('T');
        twoDigits(text, secondOfDay / 3600).append(':');
        twoDigits(text, secondOfDay / 60 % 60).append(':');
        twoDigits(text, secondOfDay % 60);
        appendFraction(text, fraction);
        return text.append('Z').toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static void appendFraction(StringBuilder text, int micros) {
        if (micros == 0) {
            return;
        }
        text.append('.');
        int rest = micros;
        for (int unit = 100_000; rest > 0; unit /= 10) {
            text.append((char) ('0' + rest / unit));
            rest %= unit;
        }
    }

    static long parse(String text) {
        if (text.equals("infinity")) {
            return Long.MAX_VALUE;
        }
        if (text.equals("-infinity")) {
            return Long.MIN_VALUE;
        }
        try {
            return micros(text);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new UnwritableValueException("the text is not an ISO 8601 date and time with an offset", e);
        }
    }

    private static long micros(String text) {
        if (isPlainUtc(text)) {
            long seconds = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                                    .toEpochDay()
                            * SECONDS_PER_DAY
                    + number(text, 11, 13) * 3600L
                    + number(text, 14, 16) * 60L
                    + number(text, 17, 19);
            return seconds * MICROS_PER_SECOND + fraction(text);
        }
        Instant instant =
                OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toInstant();
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
                ChronoUnit.MICROS.between(Instant.ofEpochSecond(instant.getEpochSecond()), instant));
    }

    /** {@code YYYY-MM-DDThh:mm:ss[.f{1,6}]Z}: what {@link #format} writes for the years 0 to 9999. */
    private static boolean isPlainUtc(String text) {
        int length = text.length();
        return (length == 20 || (length >= 22 && length <= 27 && text.charAt(19) == '.'))
                && text.charAt(length - 1) == 'Z'
                && text.charAt(4) == '-'
                && text.charAt(10) == 'T';
    }

    private static int number(String text, int begin, int end) {
        return Integer.parseInt(text, begin, end, 10);
    }

    private static int fraction(String text) {
        int end = text.length() - 1;
        if (end == 19) {
            return 0;
        }
        int micros = number(text, 20, end);
        for (int digits = end - 20; digits < 6; digits++) {
            micros *= 10;
        }
        return micros;
    }
}
