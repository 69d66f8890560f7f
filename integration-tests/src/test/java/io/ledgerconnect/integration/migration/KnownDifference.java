package io.ledgerconnect.integration.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A row of the documentation's table, and where the comparison sees it.
 *
 * @param where what differs, for readers
 * @param debezium how Debezium has it
 * @param here how we have it
 * @param why we keep to it
 * @param shown whether a variant that captures the place shows it
 * @param places each {@code PLACE: ASPECT, ASPECT}
 */
record KnownDifference(
        String where, String debezium, String here, String why, Predicate<Variant> shown, List<String> places) {

    static KnownDifference of(String where, String debezium, String here, String why, String... places) {
        return new KnownDifference(where, debezium, here, why, variant -> true, List.of(places));
    }

    KnownDifference under(Variant... only) {
        return new KnownDifference(where, debezium, here, why, List.of(only)::contains, places);
    }

    KnownDifference exceptUnder(Variant... none) {
        return new KnownDifference(
                where, debezium, here, why, variant -> !List.of(none).contains(variant), places);
    }

    /** The {@link Difference#key}s that a comparison under the variant must find. */
    List<String> keys(Variant variant) {
        List<String> keys = new ArrayList<>();
        if (!shown.test(variant)) {
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
