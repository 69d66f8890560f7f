package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.connection.SqlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ledger table and the reporting table that has its rows.
 *
 * @param name of the ledger table, {@code schema.table}
 * @param ledger what the ledger's rows are selected from
 * @param target the reporting table, quoted for use in a statement
 * @param mode how the sink writes it
 * @param truncation where the last truncate before the position stands in an append table, as SQL; or empty
 * @param key columns that tell rows apart; empty where nothing does
 * @param columns those that are compared, the key's among them
 * @param missing columns that the reporting table should have and lacks
 * @param leftOut columns that are not compared
 * @param sums what is summed of it
 * @param estimatedRows by the ledger's statistics
 */
record AuditedTable(
        String name,
        String ledger,
        String target,
        Mode mode,
        String truncation,
        List<Pair> key,
        List<Pair> columns,
        List<String> missing,
        List<LeftOut> leftOut,
        Sums.Columns sums,
        long estimatedRows) {

    /** How a reporting table is written. */
    enum Mode {
        /** One row per key. */
        UPSERT,
        /** One row per change, and rows were never changed. */
        APPEND_ONLY,
        /** One row per change; the last one of a key is the row. */
        APPEND_CHANGES,
        /** One row per version; the one that is valid is the row. */
        HISTORY;

        /** As the sink's setting says it. */
        String written() {
            return switch (this) {
                case UPSERT -> "upsert";
                case APPEND_ONLY, APPEND_CHANGES -> "append";
                case HISTORY -> "history";
            };
        }
    }

    /**
     * A column on both sides, under the ledger's name.
     *
     * @param rule what the source makes of its values
     */
    record Pair(Column ledger, Column reporting, Optional<ColumnRule> rule) {
        String name() {
            return ledger.name();
        }

        boolean isRenamed() {
            return !ledger.name().equals(reporting.name());
        }

        /** The text of one side's value, which is equal to the other side's where the values are. */
        String canonical(boolean inLedger) {
            if (rule.isPresent()) {
                return inLedger ? rule.get().sql(ledger) : reporting.sql() + "::text";
            }
            return inLedger ? ledger.canonical(reporting) : reporting.canonical(ledger);
        }
    }

    /** A column that is not compared, and why. */
    record LeftOut(String column, String why) {}

    AuditedTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        missing = List.copyOf(missing);
        leftOut = List.copyOf(leftOut);
    }

    /** Rows that have changed since a position are written over, so they have to be looked at again. */
    boolean isMutable() {
        return mode == Mode.UPSERT;
    }

    /** The ledger's types of the compared columns, by their names. */
    Map<String, String> ledgerTypes() {
        Map<String, String> types = new LinkedHashMap<>();
        columns.forEach(pair -> types.put(pair.name(), pair.ledger().type()));
        return types;
    }

    /**
     * Whether the reporting table tells the ledger's rows: of lines of changes only with a key for what they are of.
     */
    boolean canBeRebuilt() {
        return hasKey() || mode != Mode.APPEND_CHANGES;
    }

    boolean hasKey() {
        return !key.isEmpty();
    }

    /** Whether the key's own order serves, for which both sides have an index. */
    boolean isOrderedByKey() {
        return hasKey() && key.stream().allMatch(pair -> pair.ledger().isOrderedLike(pair.reporting()));
    }

    /** The ledger's rows. */
    Side ledgerSide(boolean sameEncoding) {
        return Side.of(this, true, ledger + " t", "false", sameEncoding);
    }

    /** The reporting store's rows as of a position; of a mutable table also those of later changes. */
    Side reportingSide(String position, boolean sameEncoding) {
        String later = isMutable() ? "coalesce(t.\"_lsn\" >= '" + position + "'::pg_lsn, false)" : "false";
        return Side.of(this, false, reportingRows(position), later, sameEncoding);
    }

    private String reportingRows(String position) {
        String before = "r.\"_lsn\" < '" + position + "'::pg_lsn";
        String asOf = before + " AND r.\"_op\" <> 't'"
                + (truncation.isEmpty() ? "" : " AND (r.\"_lsn\", r.\"_ordinal\") > (" + truncation + ")");
        return switch (mode) {
            case UPSERT -> target + " t";
            case HISTORY ->
                "(SELECT * FROM " + target + " r WHERE " + before + " AND coalesce(r.\"_until_lsn\" >= '" + position
                        + "'::pg_lsn, true)) t";
            case APPEND_ONLY -> "(SELECT * FROM " + target + " r WHERE " + asOf + ") t";
            case APPEND_CHANGES ->
                !canBeRebuilt()
                        ? target + " t"
                        : "(SELECT * FROM (SELECT r.*, rank() OVER (PARTITION BY " + keyNames()
                                + " ORDER BY r.\"_lsn\" DESC, r.\"_ordinal\" DESC) AS \"_rank\" FROM " + target
                                + " r WHERE "
                                + asOf
                                + ") q WHERE \"_rank\" = 1 AND \"_op\" <> 'd') t";
        };
    }

    private String keyNames() {
        return String.join(
                ", ",
                key.stream()
                        .map(pair -> "r." + SqlText.quote(pair.reporting().name()))
                        .toList());
    }
}
