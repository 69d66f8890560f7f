package io.ledgerconnect.common.type.text;

import java.nio.ByteBuffer;
import java.time.LocalDate;

/**
 * Dates and times, in the units in which the server sends them: days and µs since 2000-01-01, µs since midnight,
 * seconds west of Greenwich.
 */
enum ClockForms implements TextForm {
    DATE {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int days = in.getInt();
            if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
                out.append(infinity(days > 0));
            } else {
                LocalDate date = LocalDate.ofEpochDay(days + DAYS_TO_2000);
                appendDate(date, out);
                appendEra(date, out);
            }
        }
    },
    TIME {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendTime(in.getLong(), out);
        }
    },
    TIMETZ {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendTime(in.getLong(), out);
            int east = -in.getInt();
            int seconds = Math.abs(east);
            out.append(east < 0 ? '-' : '+');
            appendTwoDigits(seconds / 3600, out);
            if (seconds % 3600 != 0) {
                appendTwoDigits(seconds / 60 % 60, out.append(':'));
            }
            if (seconds % 60 != 0) {
                appendTwoDigits(seconds % 60, out.append(':'));
            }
        }
    },
    TIMESTAMP {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendTimestamp(in.getLong(), "", out);
        }
    },
    TIMESTAMPTZ {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendTimestamp(in.getLong(), "+00", out);
        }
    },
    INTERVAL {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            long micros = in.getLong();
            int days = in.getInt();
            int months = in.getInt();
            if (days == Integer.MAX_VALUE && months == Integer.MAX_VALUE && micros == Long.MAX_VALUE) {
                out.append(infinity(true));
            } else if (days == Integer.MIN_VALUE && months == Integer.MIN_VALUE && micros == Long.MIN_VALUE) {
                out.append(infinity(false));
            } else {
                appendInterval(micros, days, months, out);
            }
        }
    };

    private static final int DAYS_TO_2000 = 10_957;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private static String infinity(boolean positive) {
        return positive ? "infinity" : "-infinity";
    }

    private static void appendTimestamp(long micros, String zone, StringBuilder out) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            out.append(infinity(micros > 0));
            return;
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY) + DAYS_TO_2000);
        appendDate(date, out);
        appendTime(Math.floorMod(micros, MICROS_PER_DAY), out.append(' '));
        out.append(zone);
        appendEra(date, out);
    }

    /** There is no year 0: the one before 1 is 1 BC. */
    private static void appendDate(LocalDate date, StringBuilder out) {
        String year = Integer.toString(date.getYear() > 0 ? date.getYear() : 1 - date.getYear());
        out.append("0".repeat(Math.max(0, 4 - year.length()))).append(year).append('-');
        appendTwoDigits(date.getMonthValue(), out);
        appendTwoDigits(date.getDayOfMonth(), out.append('-'));
    }

    private static void appendEra(LocalDate date, StringBuilder out) {
        if (date.getYear() <= 0) {
            out.append(" BC");
        }
    }

    private static void appendTime(long micros, StringBuilder out) {
        long seconds = micros / MICROS_PER_SECOND;
        appendTwoDigits(seconds / 3600, out);
        appendTwoDigits(seconds / 60 % 60, out.append(':'));
        appendTwoDigits(seconds % 60, out.append(':'));
        appendFraction(micros % MICROS_PER_SECOND, out);
    }

    private static void appendFraction(long micros, StringBuilder out) {
        if (micros == 0) {
            return;
        }
        String digits = Long.toString(MICROS_PER_SECOND + micros);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        out.append('.').append(digits, 1, end);
    }

    private static void appendTwoDigits(long number, StringBuilder out) {
        out.append(number < 10 ? "0" : "").append(number);
    }

    private static void appendInterval(long micros, int days, int months, StringBuilder out) {
        int begin = out.length();
        boolean negative = appendUnit(months / 12, "year", false, begin, out);
        negative = appendUnit(months % 12, "mon", negative, begin, out);
        negative = appendUnit(days, "day", negative, begin, out);
        if (micros == 0 && out.length() > begin) {
            return;
        }
        if (out.length() > begin) {
            out.append(' ');
        }
        // After a negative part a positive one says so.
        out.append(micros < 0 ? "-" : negative ? "+" : "");
        // The smallest long has no positive counterpart: parts one by one.
        long seconds = Math.abs(micros / MICROS_PER_SECOND);
        appendTwoDigits(seconds / 3600, out);
        appendTwoDigits(seconds / 60 % 60, out.append(':'));
        appendTwoDigits(seconds % 60, out.append(':'));
        appendFraction(Math.abs(micros % MICROS_PER_SECOND), out);
    }

    /** Returns whether the last part that was written is negative. */
    private static boolean appendUnit(int value, String unit, boolean negative, int begin, StringBuilder out) {
        if (value == 0) {
            return negative;
        }
        out.append(out.length() > begin ? " " : "")
                .append(negative && value > 0 ? "+" : "")
                .append(value)
                .append(' ')
                .append(unit)
                .append(value == 1 ? "" : "s");
        return value < 0;
    }
}
