package io.ledgerconnect.cli.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A row as one side has it.
 *
 * @param hashes of its columns, null for null
 * @param texts of its columns, only where they are to be shown; else empty
 * @param version in the ledger, what tells this version of the row from all others; in the reporting store its
 *     {@code _lsn}
 * @param isLater in the reporting store, whether a change at or after the position has written it
 */
record Row(Key key, List<Long> hashes, List<String> texts, String version, boolean isLater) {
    // Columns may be null, so these are no immutable lists.

    /** The numbers of the columns that differ. */
    List<Integer> differing(Row other) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            if (!Objects.equals(hashes.get(i), other.hashes.get(i))) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    static <T> List<T> listOf(T[] array) {
        return array == null ? List.of() : new ArrayList<>(Arrays.asList(array));
    }
}
