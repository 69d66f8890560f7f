package io.ledgerconnect.common.position;

import java.util.HexFormat;
import java.util.Locale;

/** WAL addresses as unsigned 64-bit numbers, and their text form {@code XXXXXXXX/XXXXXXXX} as PostgreSQL prints it. */
public final class Lsn {
    private Lsn() {}

    public static String format(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(Locale.ROOT)
                + '/'
                + Long.toHexString(lsn & 0xFFFFFFFFL).toUpperCase(Locale.ROOT);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when {@code text} is no WAL address
     */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash > 9 || slash == text.length() - 1) {
            throw noAddress(text);
        }
        try {
            return HexFormat.fromHexDigitsToLong(text, 0, slash) << 32
                    | HexFormat.fromHexDigitsToLong(text, slash + 1, text.length());
        } catch (NumberFormatException e) {
            throw noAddress(text);
        }
    }

    private static IllegalArgumentException noAddress(String text) {
        return new IllegalArgumentException("'" + text + "' is not a WAL address such as 0/16B3748");
    }
}
