package io.ledgerconnect.common.type;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * µs since 2000-01-01 UTC, as PostgreSQL counts them, ↔ ISO 8601 with offset, {@code 2026-11-22T16:00:00.123456Z}, the
 * fraction with as many decimals as asked for; {@code infinity} and {@code -infinity} for the largest and smallest
 * number.
 */
final class IsoTimestamps {
    /** A timestamp without a declared precision has these. */
    static final int MOST_DECIMALS = 6;

    private static final int EPOCH_DAYS_2000 = TemporalCodec.EPOCH_DAYS_2000;
    private static final long EPOCH_SECONDS_2000 = EPOCH_DAYS_2000 * 86_400L;
    private static final String INFINITY = "infinity";
    private static final String MINUS_INFINITY = "-infinity";

    private IsoTimestamps() {}

    static String format(long micros2000, int decimals) {
        if (TemporalCodec.isInfinite(micros2000)) {
            return micros2000 > 0 ? INFINITY : MINUS_INFINITY;
        }
        long day = Math.floorDiv(micros2000, TemporalCodec.MICROS_PER_DAY) + EPOCH_DAYS_2000;
        StringBuilder text = new StringBuilder(27);
        appendDate(text, LocalDate.ofEpochDay(day)).append('T');
        long microsOfDay = Math.floorMod(micros2000, TemporalCodec.MICROS_PER_DAY);
        int fraction = (int) (microsOfDay % ClockText.MICROS_PER_SECOND);
        ClockText.append(text, microsOfDay - fraction);
        return ClockText.appendDecimals(text, fraction, decimals).append('Z').toString();
    }

    private static StringBuilder appendDate(StringBuilder text, LocalDate date) {
        int year = date.getYear();
        if (year < 0 || year > 9999) {
            return text.append(date); // with a sign, as ISO 8601 has it for such years
        }
        ClockText.appendTwoDigits(text, year / 100);
        ClockText.appendTwoDigits(text, year % 100).append('-');
        ClockText.appendTwoDigits(text, date.getMonthValue()).append('-');
        return ClockText.appendTwoDigits(text, date.getDayOfMonth());
    }

    /**
     * Reads the text.
     *
     * @throws UnwritableValueException when it is no such text, or finer than a microsecond
     */
    static long parse(String text) {
        if (text.equals(INFINITY)) {
            return Long.MAX_VALUE;
        }
        if (text.equals(MINUS_INFINITY)) {
            return Long.MIN_VALUE;
        }
        try {
            return isPlainUtc(text) ? plainUtc(text) : anyOffset(OffsetDateTime.parse(text));
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnwritableValueException("the text is not an ISO 8601 date and time with an offset", e);
        }
    }

    /** {@code YYYY-MM-DDThh:mm:ss[.f…]Z}: what {@link #format} writes for the years 0 to 9999. */
    private static boolean isPlainUtc(String text) {
        int length = text.length();
        return length >= 20
                && text.charAt(length - 1) == 'Z'
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T';
    }

    private static long plainUtc(String text) {
        LocalDate date =
                LocalDate.of(ClockText.digits(text, 0, 4), ClockText.digits(text, 5, 7), ClockText.digits(text, 8, 10));
        return (date.toEpochDay() - EPOCH_DAYS_2000) * TemporalCodec.MICROS_PER_DAY
                + ClockText.parse(text, 11, text.length() - 1);
    }

    private static long anyOffset(OffsetDateTime time) {
        if (time.getNano() % 1000 != 0) {
            throw new UnwritableValueException("the time is finer than a microsecond");
        }
        long seconds = time.toEpochSecond() - EPOCH_SECONDS_2000;
        return Math.addExact(Math.multiplyExact(seconds, ClockText.MICROS_PER_SECOND), time.getNano() / 1000);
    }
}
