package io.ledgerconnect.cli.audit;

import java.util.HashMap;
import java.util.Map;

/**
 * A row change of the ledger as its WAL has it.
 *
 * @param table {@code schema.table}
 * @param commitLsn of its transaction
 * @param before the columns that are known of the row before, as the server writes them; empty where it sends none
 * @param after the columns of the row after it, without those whose unchanged values it leaves out; empty for a delete
 */
record LedgerChange(String table, long commitLsn, Map<String, String> before, Map<String, String> after) {
    // Columns may be null, so these are no immutable maps.
    LedgerChange {
        before = new HashMap<>(before);
        after = new HashMap<>(after);
    }

    boolean isDelete() {
        return after.isEmpty();
    }
}
