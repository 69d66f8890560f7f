package io.ledgerconnect.source.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot that the settings ask for. Immutable.
 *
 * @param id names it; it is read once
 * @param tables regular expressions that match all of {@code schema.table}
 * @param conditions by {@code schema.table}, SQL
 */
public record SnapshotAsked(String id, List<String> tables, Map<String, String> conditions) {
    /** Begins the names of settings that end with a table's. */
    public static final String CONDITION = "snapshot.request.condition.";

    static SnapshotAsked parse(String id, List<String> tables, Map<String, String> given) {
        Map<String, String> conditions = new HashMap<>();
        given.forEach((name, condition) -> {
            if (name.startsWith(CONDITION) && condition != null && !condition.isBlank()) {
                conditions.put(name.substring(CONDITION.length()), condition);
            }
        });
        return new SnapshotAsked(id, List.copyOf(tables), Map.copyOf(conditions));
    }
}
