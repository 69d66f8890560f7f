package io.ledgerconnect.integration.migration;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings under which both connectors capture the same.
 *
 * @param name names its connectors, slots and topics
 * @param tables regular expression of the captured tables
 * @param settings that it has beside {@link #SHARED}, or in their place
 */
record Variant(String name, String tables, Map<String, String> settings) {
    /** Numbers that Decimal has no form for, which stop our connector in the mode precise. */
    private static final String ALL_BUT_SPECIALS = "app\\.(?!specials).*";

    /** Of every variant that says nothing else. */
    private static final Map<String, String> SHARED = Map.of(
            "decimal.handling.mode", "precise",
            "time.precision.mode", "adaptive",
            "interval.handling.mode", "string",
            "binary.handling.mode", "bytes",
            "hstore.handling.mode", "json",
            "tombstones.on.delete", "true",
            "skipped.operations", "none",
            "provide.transaction.metadata", "false",
            "snapshot.mode", "initial",
            // Notes of our own connector, which it does not capture.
            "message.prefix.exclude.list", "ledger-connect.*");

    static final Variant PRECISE = new Variant("precise", ALL_BUT_SPECIALS, Map.of());

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

    /** Values and columns that are not sent as they are, and keys that are chosen. */
    static final Variant COLUMNS = new Variant(
            "columns",
            "app\\.(accounts|altered|index_identity|full_identity|texts|done)",
            Map.of(
                    "column.exclude.list", "app\\.accounts\\.note,app\\.altered\\.a,app\\.texts\\.c_xml",
                    "column.mask.with.5.chars", "app\\.texts\\.(c_text|c_bpchar)",
                    "column.truncate.to.3.chars", "app\\.texts\\.(c_varchar|c_citext)",
                    "message.key.columns", "app.index_identity:code"));

    /** A capture without a snapshot, of some operations and messages. */
    static final Variant FEWER = new Variant(
            "fewer",
            "app\\.(accounts|full_identity|truncated|pairs|done)",
            Map.of(
                    "snapshot.mode", "no_data",
                    "table.exclude.list", "app\\.(?!(accounts|full_identity|truncated|pairs|done)$).*",
                    "column.include.list", "app\\.(accounts|pairs|done)\\..*,app\\.(full_identity|truncated)\\.(id|a)",
                    "skipped.operations", "u,t",
                    "message.prefix.include.list", "audit"));

    static final List<Variant> ALL = List.of(PRECISE, TEXT, LOOSE, MICROSECONDS, COLUMNS, FEWER);

    /** All settings that both connectors have and that decide what records are sent, those of the tables too. */
    Map<String, String> all() {
        Map<String, String> all = new TreeMap<>(SHARED);
        all.putAll(settings);
        if (all.containsKey("message.prefix.include.list")) {
            all.remove("message.prefix.exclude.list");
        }
        if (!all.containsKey("table.exclude.list")) {
            all.put("table.include.list", tables);
        }
        return all;
    }

    /** Whether a place of {@link Difference#place} can be seen under it: each table is in it, or the place is none. */
    boolean captures(String place) {
        String table = "app." + place.split("\\.")[0];
        return LedgerHistory.OF_EVERY_RECORD.contains(table.substring(4)) || table.matches(tables);
    }
}
