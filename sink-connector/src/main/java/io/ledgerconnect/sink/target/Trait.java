package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableName;
import java.util.Set;

/**
 * Something by which a reporting table is more than a place that keeps rows as they are written.
 *
 * @param name of the rule, constraint, trigger, index or table that it is about; else the table's own
 * @param mend what mends it, where the server knows that best; else null
 * @param columns those of a unique index; empty with expressions, and for other kinds
 */
record Trait(Kind kind, String name, String mend, Set<String> columns) {
    enum Kind {
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN_TABLE,
        NO_TABLE,
        FOREIGN_PARTITION,
        UNLOGGED,
        ROW_SECURITY,
        RULE,
        CHILD,
        ACTION,
        FOREIGN_KEY,
        TRIGGER,
        UNIQUE
    }

    /** Whether there is no table to begin with. */
    boolean isNoTable() {
        return switch (kind) {
            case VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE, NO_TABLE -> true;
            default -> false;
        };
    }

    /** Whether it may be what was meant, so that it is only told. */
    boolean isAllowed() {
        return switch (kind) {
            case FOREIGN_KEY, TRIGGER, UNIQUE -> true;
            default -> false;
        };
    }

    /** Whether it matters only where rows are found again by their key. */
    boolean isKeyed() {
        return kind == Kind.CHILD || kind == Kind.UNIQUE;
    }

    /** What is wrong, what that means for the data, and what mends it. */
    String sentence(TableName table) {
        String alter = "ALTER TABLE " + table.sql();
        String quoted = TableName.quote(name);
        return switch (kind) {
            case VIEW -> noTable(table, "a view");
            case MATERIALIZED_VIEW -> noTable(table, "a materialized view");
            case NO_TABLE -> noTable(table, "not a table");
            case FOREIGN_TABLE ->
                noTable(table, "a foreign table, whose rows are not committed together with the applied positions");
            case FOREIGN_PARTITION ->
                "Partition " + name + " of " + table + " is a foreign table, whose rows are not committed together with"
                        + " the applied positions: " + alter + " DETACH PARTITION it, and put a table in its place";
            case UNLOGGED ->
                "Table " + name + " is unlogged, so a crash of the reporting store would empty it, and what it held"
                        + " would count as applied: ALTER TABLE … SET LOGGED";
            case ROW_SECURITY ->
                "Row-level security of " + table + " applies to the connector's role and may hide rows from it, which"
                        + " updates and deletes would then miss: " + alter
                        + " DISABLE ROW LEVEL SECURITY (or NO FORCE, for its owner), or ALTER ROLE … BYPASSRLS";
            case RULE ->
                "Rule " + name + " of " + table + " puts other statements in the place of the sink's, so what is"
                        + " written would not be what the ledger has: DROP RULE " + quoted + " ON " + table.sql();
            case CHILD ->
                "Table " + name + " inherits from " + table + ", and no unique index reaches over both, so rows could"
                        + " be there twice: ALTER TABLE … NO INHERIT " + table.sql() + ", or use partitions";
            case ACTION ->
                "Foreign key " + name + " of " + table + " deletes or alters rows by itself (ON DELETE or ON UPDATE),"
                        + " whereas every change comes from the ledger: " + alter + " DROP CONSTRAINT " + quoted;
            case FOREIGN_KEY ->
                "Foreign key " + name + " of " + table + ": changes of different tables arrive in any order, and a row"
                        + " that comes before the one it refers to stops the sink (SQLSTATE 23503), in another batch"
                        + " also where the constraint is deferred: " + alter + " DROP CONSTRAINT " + quoted;
            case TRIGGER ->
                "Trigger " + name + " of " + table + " runs before rows are written: what it alters in them is not what"
                        + " the ledger has, and a row that it leaves out stops the sink";
            case UNIQUE ->
                "Unique index " + name + " of " + table + " is not the key by which rows are upserted: where one row"
                        + " takes a value before the row that gave it up is written, it stops the sink (SQLSTATE"
                        + " 23505). " + mend + " lets rows of one batch exchange values; only without the index may"
                        + " they come in any order";
        };
    }

    private static String noTable(TableName table, String what) {
        return table + " is " + what + ", and the sink writes tables only: rename it, or lead the ledger's table to"
                + " another name with table.name.format";
    }
}
