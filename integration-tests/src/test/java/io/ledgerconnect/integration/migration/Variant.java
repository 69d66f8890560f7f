package io.ledgerconnect.integration.migration;

import java.util.List;
import java.util.Map;

/**
 * Settings under which both connectors capture the same.
 *
 * @param name names its connectors, slots and topics
 * @param tables regular expression of the captured tables
 */
record Variant(String name, String tables, Map<String, String> settings) {
    /** Numbers that Decimal has no form for, which stop our connector in the mode precise. */
    private static final String ALL_BUT_SPECIALS = "app\\.(?!specials).*";

    static final Variant PRECISE = new Variant(
            "precise",
            ALL_BUT_SPECIALS,
            Map.of(
                    "decimal.handling.mode",
                    "precise",
                    "time.precision.mode",
                    "adaptive",
                    "binary.handling.mode",
                    "bytes"));

    static final Variant TEXT = new Variant(
            "text",
            "app\\..*",
            Map.of(
                    "decimal.handling.mode", "string",
                    "time.precision.mode", "adaptive_time_microseconds",
                    "interval.handling.mode", "numeric",
                    "binary.handling.mode", "base64",
                    "hstore.handling.mode", "map",
                    "provide.transaction.metadata", "true"));

    static final Variant LOOSE = new Variant(
            "loose",
            "app\\..*",
            Map.of(
                    "decimal.handling.mode", "double",
                    "time.precision.mode", "connect",
                    "binary.handling.mode", "hex",
                    "tombstones.on.delete", "false"));

    static final Variant MICROSECONDS = new Variant(
            "micros",
            "app\\.(numbers|times|bytes|arrays|done)",
            Map.of("time.precision.mode", "microseconds", "binary.handling.mode", "base64-url-safe"));

    static final List<Variant> ALL = List.of(PRECISE, TEXT, LOOSE, MICROSECONDS);

    /** Whether a place of {@link Difference#place} can be seen under it: each table is in it, or the place is none. */
    boolean captures(String place) {
        String table = "app." + place.split("\\.")[0];
        return LedgerHistory.OF_EVERY_RECORD.contains(table.substring(4)) || table.matches(tables);
    }
}
