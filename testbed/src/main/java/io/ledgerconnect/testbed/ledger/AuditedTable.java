package io.ledgerconnect.testbed.ledger;

import java.util.List;
import java.util.Optional;

/**
 * A table of the ledger and the reporting table that its changes are written to. Of a history table the current
 * versions are compared; where it is an append table, the ledger may only ever insert.
 *
 * @param source the ledger's table, with its schema
 * @param target the reporting table, with its schema
 * @param key the primary key's columns, by which rows that differ are named
 * @param sum what is summed up per currency
 */
public record AuditedTable(String source, String target, List<String> key, Optional<Sum> sum) {

    /** The tables of {@code config/sql/ledger.sql}, as {@code config/sink.json} writes them. */
    public static final List<AuditedTable> LEDGER = List.of(
            table("merchants", Optional.empty()),
            // Whole balances sum to zero in every ledger; what the accounts in credit hold does not.
            table("accounts", Optional.of(new Sum("in credit", "greatest(balance, 0)", "currency"))),
            table("transfers", Optional.of(new Sum("amounts", "amount", "currency"))),
            table("entries", Optional.of(new Sum("credits", "greatest(amount, 0)", "currency"))));

    public AuditedTable {
        key = List.copyOf(key);
    }

    /**
     * Amounts of one currency added up.
     *
     * @param name what the report calls it
     * @param amount an SQL expression over columns that both tables have
     * @param currency a column that both tables have
     */
    public record Sum(String name, String amount, String currency) {}

    private static AuditedTable table(String name, Optional<Sum> sum) {
        return new AuditedTable("public." + name, "reporting." + name, List.of("id"), sum);
    }
}
