package io.ledgerconnect.cli.audit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sums what the ledger had, as of the position, in rows that have changed or gone since. Used by one thread. */
final class ChangedSums {
    /** Keys in one statement. */
    private static final int KEYS_AT_ONCE = 5_000;

    private final TableFindings findings;
    private final SideReader ledger;

    /** @param ledger as of the position */
    ChangedSums(TableFindings findings, SideReader ledger) {
        this.findings = findings;
        this.ledger = ledger;
    }

    void read() throws SQLException {
        Map<Boolean, List<Key>> keys = findings.undecided().entrySet().stream()
                .collect(Collectors.partitioningBy(
                        row -> isGone(row.getValue()), Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        for (Map.Entry<Boolean, List<Key>> each : keys.entrySet()) {
            List<Key> all = new ArrayList<>(each.getValue());
            for (int first = 0; first < all.size(); first += KEYS_AT_ONCE) {
                List<Key> some = all.subList(first, Math.min(all.size(), first + KEYS_AT_ONCE));
                findings.changed(ledger.sums(some), each.getKey());
            }
        }
    }

    private static boolean isGone(TableFindings.Undecided row) {
        return row.isKnown() && row.reporting() == null;
    }
}
