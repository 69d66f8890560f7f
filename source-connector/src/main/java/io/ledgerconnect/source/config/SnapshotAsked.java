package io.ledgerconnect.source.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A snapshot that the settings ask for. Immutable.
 *
 * @param id names it; it is read once
 * @param tables regular expressions that match all of {@code schema.table}
 * @param conditions by {@code schema.table}, SQL
 * @param keys by {@code schema.table}, JSON: the rows that are asked for, where not all are
 */
public record SnapshotAsked(String id, List<String> tables, Map<String, String> conditions, Map<String, String> keys) {
    /** Begins the names of settings that end with a table's. */
    public static final String CONDITION = "snapshot.request.condition.";

    /** The same of rows that are asked for by their keys. */
    public static final String KEYS = "snapshot.request.keys.";

    static SnapshotAsked parse(String id, List<String> tables, Map<String, String> given) {
        return new SnapshotAsked(id, List.copyOf(tables), byTable(given, CONDITION), byTable(given, KEYS));
    }

    private static Map<String, String> byTable(Map<String, String> given, String prefix) {
        Map<String, String> values = new HashMap<>();
        given.forEach((name, value) -> {
            if (name.startsWith(prefix) && value != null && !value.isBlank()) {
                values.put(name.substring(prefix.length()), value);
            }
        });
        return Map.copyOf(values);
    }

    /** Whether a setting belongs to a table. */
    static boolean isOfTable(String setting) {
        return setting.startsWith(CONDITION) || setting.startsWith(KEYS);
    }

    /**
     * The keys of the rows of a table that are asked for; empty when all are.
     *
     * @throws IllegalArgumentException with a message that says what is wrong with them
     */
    public Optional<AskedKeys> keysOf(String table) {
        return Optional.ofNullable(keys.get(table)).map(AskedKeys::parse);
    }
}
