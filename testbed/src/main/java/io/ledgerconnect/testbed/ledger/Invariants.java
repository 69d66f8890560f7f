package io.ledgerconnect.testbed.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What holds in the ledger at every commit, and so in a reporting store that has everything up to a position. */
public final class Invariants {
    /**
     * Each query counts what violates the invariant that names it; {@code %1$s, %2$s, %3$s} are entries, accounts and
     * transfers.
     */
    private static final Map<String, String> VIOLATIONS = new LinkedHashMap<>();

    static {
        VIOLATIONS.put(
                "entries sum to zero in each currency",
                "SELECT count(*) FROM (SELECT FROM %1$s GROUP BY currency HAVING sum(amount) <> 0) v");
        VIOLATIONS.put(
                "entries of each transfer sum to zero in each currency",
                "SELECT count(*) FROM (SELECT FROM %1$s GROUP BY transfer_id, currency HAVING sum(amount) <> 0) v");
        VIOLATIONS.put(
                "versions of each account run from 1 without holes",
                "SELECT count(*) FROM (SELECT FROM %1$s GROUP BY account_id HAVING min(account_version) <> 1"
                        + " OR max(account_version) <> count(DISTINCT account_version)) v");
        VIOLATIONS.put(
                "no entry is there twice",
                "SELECT count(*) FROM (SELECT FROM %1$s GROUP BY account_id, account_version HAVING count(*) > 1) v");
        VIOLATIONS.put(
                "each running balance is the sum of the entries so far",
                "SELECT count(*) FROM (SELECT balance, sum(amount) OVER (PARTITION BY account_id ORDER BY account_version)"
                        + " AS total FROM %1$s) v WHERE balance <> total");
        VIOLATIONS.put(
                "each account has the balance and version of its entries",
                "SELECT count(*) FROM %2$s a LEFT JOIN (SELECT account_id, count(*) AS entries, sum(amount) AS total"
                        + " FROM %1$s GROUP BY account_id) e ON e.account_id = a.id"
                        + " WHERE a.version <> coalesce(e.entries, 0) OR a.balance <> coalesce(e.total, 0)");
        VIOLATIONS.put(
                "each entry has its account and transfer",
                "SELECT count(*) FROM %1$s e WHERE NOT EXISTS (SELECT FROM %2$s a WHERE a.id = e.account_id)"
                        + " OR NOT EXISTS (SELECT FROM %3$s t WHERE t.id = e.transfer_id)");
        VIOLATIONS.put(
                "each closed transfer has entries",
                "SELECT count(*) FROM %3$s t WHERE t.status::text <> 'pending'"
                        + " AND NOT EXISTS (SELECT FROM %1$s e WHERE e.transfer_id = t.id)");
    }

    private Invariants() {}

    /** The invariants that do not hold in {@code schema}, with the number of violations; empty when all hold. */
    public static Map<String, Long> violated(Connection connection, String schema) throws SQLException {
        String accounts = ValidRows.of(connection, schema + ".accounts");
        String transfers = ValidRows.of(connection, schema + ".transfers");
        Map<String, Long> violated = new LinkedHashMap<>();
        try (var statement = connection.createStatement()) {
            for (Map.Entry<String, String> invariant : VIOLATIONS.entrySet()) {
                try (var result = statement.executeQuery(
                        invariant.getValue().formatted(schema + ".entries", accounts, transfers))) {
                    result.next();
                    if (result.getLong(1) > 0) {
                        violated.put(invariant.getKey(), result.getLong(1));
                    }
                }
            }
        }
        return violated;
    }
}
