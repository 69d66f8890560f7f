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

    /** What holds in a reporting store that is written as {@code config/sink.json} says. */
    private static final Map<String, String> REPORTING_VIOLATIONS = new LinkedHashMap<>();

    static {
        REPORTING_VIOLATIONS.put("each entry has what its account and merchant were as of its position", """
                SELECT count(*) FROM reporting.entries e
                LEFT JOIN reporting.accounts a ON a.id = e.account_id AND a._lsn <= e._lsn
                    AND (a._until_lsn IS NULL OR a._until_lsn > e._lsn)
                LEFT JOIN reporting.merchants m ON m.id = a.merchant_id AND m._lsn <= e._lsn
                    AND (m._until_lsn IS NULL OR m._until_lsn > e._lsn)
                WHERE (e.account_kind, e.merchant_id, e.merchant_name, e.merchant_category)
                    IS DISTINCT FROM (a.kind, a.merchant_id, m.name, m.category_code)""");
        REPORTING_VIOLATIONS.put("balances are what the entries come to", """
                SELECT count(*) FROM (
                    SELECT account_id, currency, sum(amount) AS booked, count(*) AS entries,
                        (array_agg(balance ORDER BY _lsn DESC, _ordinal DESC))[1] AS balance
                    FROM reporting.entries GROUP BY account_id, currency) e
                FULL JOIN reporting.account_balances b USING (account_id, currency)
                WHERE (b.booked, b.entries, b.balance) IS DISTINCT FROM (e.booked, e.entries, e.balance)""");
        REPORTING_VIOLATIONS.put("daily totals are what the entries come to", """
                SELECT count(*) FROM (
                    SELECT (created_at AT TIME ZONE 'Asia/Seoul')::date AS day, merchant_id, currency,
                        sum(amount) AS total, count(*) AS entries
                    FROM reporting.entries WHERE account_kind = 'merchant' GROUP BY 1, 2, 3) e
                FULL JOIN reporting.daily_totals d USING (day, merchant_id, currency)
                WHERE (d.total, d.entries) IS DISTINCT FROM (e.total, e.entries)""");
    }

    private static final String IS_ENRICHED = "SELECT to_regclass('reporting.account_balances') IS NOT NULL";

    private Invariants() {}

    /** The invariants that do not hold in {@code schema}, with the number of violations; empty when all hold. */
    public static Map<String, Long> violated(Connection connection, String schema) throws SQLException {
        String accounts = ValidRows.of(connection, schema + ".accounts");
        String transfers = ValidRows.of(connection, schema + ".transfers");
        Map<String, String> queries = new LinkedHashMap<>();
        VIOLATIONS.forEach(
                (name, query) -> queries.put(name, query.formatted(schema + ".entries", accounts, transfers)));
        if (schema.equals("reporting") && isEnriched(connection)) {
            queries.putAll(REPORTING_VIOLATIONS);
        }
        Map<String, Long> violated = new LinkedHashMap<>();
        for (Map.Entry<String, String> invariant : queries.entrySet()) {
            long violations = count(connection, invariant.getValue());
            if (violations > 0) {
                violated.put(invariant.getKey(), violations);
            }
        }
        return violated;
    }

    private static boolean isEnriched(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(IS_ENRICHED)) {
            result.next();
            return result.getBoolean(1);
        }
    }

    private static long count(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
