package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.PlannedColumn;
import io.ledgerconnect.sink.target.TablePlan;
import io.ledgerconnect.sink.target.TargetColumn;
import io.ledgerconnect.sink.target.TargetTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which columns rows have before they are enriched, each with its type. */
final class Rows {
    /** They change after the row was written, so nothing can be made of them. */
    private static final Set<String> NOT_OF_THE_ROW =
            Set.of(MetaColumns.UNTIL_LSN, MetaColumns.UNTIL_ORDINAL, MetaColumns.UNTIL, MetaColumns.CURRENT);

    private Rows() {}

    /** Those that are written by a plan. */
    static Map<String, String> of(TablePlan plan, TableMode mode) {
        Map<String, String> row = new LinkedHashMap<>();
        for (PlannedColumn column : plan.columns()) {
            row.put(column.name(), column.target().baseTypeSql());
        }
        for (String column :
                List.of(MetaColumns.OPERATION, MetaColumns.LSN, MetaColumns.ORDINAL, MetaColumns.COMMITTED_AT)) {
            boolean has = switch (column) {
                case MetaColumns.OPERATION -> mode == TableMode.APPEND;
                case MetaColumns.ORDINAL -> mode != TableMode.UPSERT || plan.hasOrdinal();
                default -> true;
            };
            if (has) {
                row.put(column, MetaColumns.type(column));
            }
        }
        return row;
    }

    /** Those that a table has besides the columns of its enrichment. */
    static Map<String, String> of(TargetTable table, Collection<String> enriched) {
        Map<String, String> row = new LinkedHashMap<>();
        for (TargetColumn column : table.columns().values()) {
            if (!NOT_OF_THE_ROW.contains(column.name()) && !enriched.contains(column.name())) {
                row.put(column.name(), column.baseTypeSql());
            }
        }
        return row;
    }
}
