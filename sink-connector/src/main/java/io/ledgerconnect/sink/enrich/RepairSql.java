package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TargetTable;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The statements that correct rows which were written already. They leave rows alone that are right. */
final class RepairSql {
    private final TargetTable table;
    private final EnrichmentSql sql;

    /** @param table the enriched table as it is */
    RepairSql(TargetTable table, EnrichmentSql sql) {
        this.table = table;
        this.sql = sql.ofRowsThatAreThere();
    }

    /** For all rows. */
    String all() {
        String statement = update() + " WHERE " + differs();
        return table.has(MetaColumns.OPERATION) ? statement + " AND t." + MetaColumns.OPERATION + " <> 't'" : statement;
    }

    /** For the rows in whose time something else is valid now in a dimension; see {@link Enricher#repair}. */
    List<String> of(TableName changed, Function<List<String>, String> query) {
        return sql.dimensions().stream()
                .filter(dimension ->
                        dimension.isRepaired() && dimension.table().name().equals(changed))
                .map(dimension -> of(dimension, query.apply(dimension.dimensionColumns())))
                .toList();
    }

    private String of(Dimension dimension, String changed) {
        List<String> columns = dimension.rowColumns();
        StringBuilder same = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            same.append("t.")
                    .append(TableName.quote(columns.get(i)))
                    .append(" = c.k")
                    .append(i)
                    .append(" AND ");
        }
        // Times do not order changes, so every row of the key may be concerned.
        String within = dimension.settings().asOf() instanceof AsOf.Position
                ? "t._lsn >= c.since AND (c.until IS NULL OR t._lsn < c.until) AND "
                : "";
        return update() + " FROM (" + changed + ") c WHERE " + same + within + differs();
    }

    private String update() {
        return "UPDATE " + table.name().sql() + " t SET (" + sql.columnList() + ") = (SELECT " + sql.columnList()
                + " FROM (" + enriched() + ") w)";
    }

    /** As text, in which also values differ that are merely equal; and some types have no other comparison. */
    private String differs() {
        return "ARRAY[" + sql.each(column -> "t." + column + "::text") + "] IS DISTINCT FROM (SELECT ARRAY["
                + sql.each(column -> "w." + column + "::text") + "] FROM (" + enriched() + ") w)";
    }

    private String enriched() {
        return sql.query("SELECT "
                + table.columns().keySet().stream()
                        .filter(column -> !sql.columns().contains(column))
                        .map(column -> "t." + TableName.quote(column))
                        .collect(Collectors.joining(", ")));
    }
}
