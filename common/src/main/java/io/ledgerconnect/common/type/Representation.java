package io.ledgerconnect.common.type;

import java.util.Locale;

/** How the source represents types that have more than one representation; the names are those of the settings. */
public record Representation(Decimals decimals, Times times, Intervals intervals) {
    public static final Representation DEFAULT = new Representation(Decimals.PRECISE, Times.ADAPTIVE, Intervals.STRING);

    /** {@code decimal.handling.mode}. */
    public enum Decimals {
        PRECISE,
        DOUBLE,
        STRING
    }

    /** {@code time.precision.mode}. */
    public enum Times {
        ADAPTIVE,
        ADAPTIVE_TIME_MICROSECONDS,
        CONNECT
    }

    /** {@code interval.handling.mode}. */
    public enum Intervals {
        NUMERIC,
        STRING
    }

    /** The setting's value for an enum constant: {@code adaptive_time_microseconds}. */
    public static String settingValue(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
