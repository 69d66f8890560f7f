package io.ledgerconnect.cli.audit;

import java.util.List;

/**
 * A row that is not in the reporting store as it is in the ledger.
 *
 * @param key empty where the table has none
 * @param position as of which it was found
 * @param columns that differ
 * @param ledgerTexts the values of these columns in the ledger, where they are to be shown; else empty
 */
record Difference(
        Kind kind,
        Key key,
        String position,
        List<String> columns,
        List<String> ledgerTexts,
        List<String> reportingTexts) {
    /** What is wrong. */
    enum Kind {
        /** The ledger has it. */
        MISSING,
        /** The ledger does not have it. */
        EXTRA,
        /** Columns differ. */
        DIFFERENT,
        /** The reporting store has it more than once. */
        DOUBLED
    }

    static Difference of(Kind kind, Key key, String position) {
        return new Difference(kind, key, position, List.of(), List.of(), List.of());
    }
}
