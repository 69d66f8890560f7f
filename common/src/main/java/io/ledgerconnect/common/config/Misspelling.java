package io.ledgerconnect.common.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the setting that was meant by one that does not exist. */
public final class Misspelling {
    /** A letter too many, too few, wrong, or two exchanged; more, and it may be a setting of something else. */
    private static final int MOST_EDITS = 2;

    private Misspelling() {}

    /**
     * The known name that is nearest to {@code name}, dots not counted, if any is near enough; the first by name among
     * equals.
     */
    public static Optional<String> meant(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= MOST_EDITS)
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String name, String other) {
        return Math.min(edits(name, other), edits(name.replace(".", ""), other.replace(".", "")));
    }

    /** How many letters must be added, removed or replaced (Levenshtein), row by row. */
    private static int edits(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[to.length()];
    }
}
