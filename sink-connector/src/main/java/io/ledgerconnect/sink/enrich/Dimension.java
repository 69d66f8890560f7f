package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.Enrichment.EnrichedColumn;
import io.ledgerconnect.sink.config.Enrichment.JoinColumn;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TargetTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A dimension table as it is, and what a table takes of it.
 *
 * @param isRepaired whether what is found too early is corrected when the dimension is written
 */
record Dimension(Enrichment settings, TargetTable table, boolean isRepaired) {
    boolean hasVersions() {
        return table.has(MetaColumns.UNTIL_LSN);
    }

    /**
     * A query for the row of the dimension that belongs to a row {@code r}: at most one, whatever the dimension has, so
     * that none is written twice. Its columns are {@code found} and {@code v0, v1, …}, and {@code until}, above
     * {@code r._lsn} or null if the row is valid.
     *
     * <p>Of a history table as of a position that is the version that begins last before it: one step in its index.
     */
    String query() {
        return "SELECT true AS found, " + values() + ", " + until() + " AS until FROM "
                + table.name().sql() + " d WHERE " + sameKey() + condition() + order() + " LIMIT 1";
    }

    private String until() {
        return settings.asOf() instanceof AsOf.Position ? "d." + MetaColumns.UNTIL_LSN : "NULL::pg_lsn";
    }

    private String values() {
        List<EnrichedColumn> columns = settings.columns();
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            values.append(i == 0 ? "d." : ", d.")
                    .append(TableName.quote(columns.get(i).ofDimension()))
                    .append(" AS v")
                    .append(i);
        }
        return values.toString();
    }

    /** A condition on a row {@code d} of the dimension and a row {@code r}. */
    String sameKey() {
        return settings.on().stream()
                .map(pair -> "d." + TableName.quote(pair.ofDimension()) + " = r." + TableName.quote(pair.ofRow()))
                .collect(Collectors.joining(" AND "));
    }

    private String condition() {
        if (settings.asOf() instanceof AsOf.Time time) {
            String at = "r." + TableName.quote(time.ofRow());
            String until = "d." + TableName.quote(time.until());
            return " AND d." + TableName.quote(time.from()) + " <= " + at + " AND (" + until + " IS NULL OR " + until
                    + " > " + at + ")";
        }
        if (settings.asOf() instanceof AsOf.Position) {
            return " AND d." + MetaColumns.LSN + " <= r." + MetaColumns.LSN;
        }
        return hasVersions() ? " AND d." + MetaColumns.UNTIL_LSN + " IS NULL" : "";
    }

    private String order() {
        String latest = "d." + MetaColumns.LSN + " DESC, d." + MetaColumns.ORDINAL + " DESC";
        if (settings.asOf() instanceof AsOf.Time time) {
            return " ORDER BY d." + TableName.quote(time.from()) + " DESC" + (hasVersions() ? ", " + latest : "");
        }
        return hasVersions() ? " ORDER BY " + latest : "";
    }

    /** The columns of the row by which it is found. */
    List<String> rowColumns() {
        return settings.on().stream().map(JoinColumn::ofRow).toList();
    }

    /** All columns of the row that decide which it is, but for its position. */
    Stream<String> readsOfRow() {
        Stream<String> time = settings.asOf() instanceof AsOf.Time at ? Stream.of(at.ofRow()) : Stream.empty();
        return Stream.concat(rowColumns().stream(), time);
    }

    List<String> dimensionColumns() {
        return settings.on().stream().map(JoinColumn::ofDimension).toList();
    }
}
