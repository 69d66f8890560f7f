package io.ledgerconnect.integration.migration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A row of the documentation's table, and where the comparison sees it.
 *
 * @param where what differs, for readers
 * @param debezium how Debezium has it
 * @param here how we have it
 * @param why we keep to it
 * @param variants names of those that show it; empty for all that capture the table
 * @param places each {@code PLACE: ASPECT, ASPECT}
 */
record KnownDifference(
        String where, String debezium, String here, String why, Set<String> variants, List<String> places) {

    static KnownDifference of(String where, String debezium, String here, String why, String... places) {
        return new KnownDifference(where, debezium, here, why, Set.of(), List.of(places));
    }

    KnownDifference under(Variant... shown) {
        Set<String> names = Set.copyOf(Arrays.stream(shown).map(Variant::name).toList());
        return new KnownDifference(where, debezium, here, why, names, places);
    }

    /** The {@link Difference#key}s that a comparison under the variant must find. */
    List<String> keys(Variant variant) {
        List<String> keys = new ArrayList<>();
        if (!variants.isEmpty() && !variants.contains(variant.name())) {
            return keys;
        }
        for (String entry : places) {
            String[] parts = entry.split(": ");
            if (variant.captures(parts[0])) {
                for (String aspect : parts[1].split(", ")) {
                    keys.add(variant.name() + ' ' + parts[0] + ' ' + aspect);
                }
            }
        }
        return keys;
    }

    String markdownRow() {
        return "| " + String.join(" | ", where, debezium, here, why) + " |\n";
    }
}
