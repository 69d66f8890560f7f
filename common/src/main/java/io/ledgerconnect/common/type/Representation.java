package io.ledgerconnect.common.type;

import java.util.Locale;

/** How the source represents types that have more than one representation; the names are those of the settings. */
public record Representation(
        Decimals decimals, Times times, Intervals intervals, Binaries binaries, Hstores hstores, Arrays arrays) {
    public static final Representation DEFAULT = new Representation(Decimals.PRECISE, Times.ADAPTIVE, Intervals.STRING);

    /** With {@code bytea} as bytes, {@code hstore} as JSON and arrays as arrays. */
    public Representation(Decimals decimals, Times times, Intervals intervals) {
        this(decimals, times, intervals, Binaries.BYTES, Hstores.JSON, Arrays.ARRAY);
    }

    /** The same but for arrays. */
    public Representation with(Arrays other) {
        return new Representation(decimals, times, intervals, binaries, hstores, other);
    }

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
        MICROSECONDS,
        CONNECT
    }

    /** {@code interval.handling.mode}. */
    public enum Intervals {
        NUMERIC,
        STRING
    }

    /** {@code binary.handling.mode}. */
    public enum Binaries {
        BYTES,
        BASE64,
        BASE64_URL_SAFE,
        HEX
    }

    /** {@code hstore.handling.mode}. */
    public enum Hstores {
        JSON,
        MAP
    }

    /** {@code array.handling.mode}. */
    public enum Arrays {
        ARRAY,
        TEXT
    }

    /** The setting's value for an enum constant: {@code adaptive_time_microseconds}. */
    public static String settingValue(Enum<?> constant) {
        String name = constant.name().toLowerCase(Locale.ROOT);
        return constant instanceof Binaries ? name.replace('_', '-') : name;
    }
}
