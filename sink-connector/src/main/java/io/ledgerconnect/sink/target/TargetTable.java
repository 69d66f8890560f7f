package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableName;
import java.util.Map;
import java.util.Set;

/**
 * A reporting table as it is.
 *
 * @param version changes whenever the table is altered
 * @param columns in its order; those of a view or the like too
 * @param uniqueKeys the columns of each unique index that an upsert can refer to
 * @param traits what else it does, or is
 */
public record TargetTable(
        TableName name, String version, Map<String, TargetColumn> columns, Set<Set<String>> uniqueKeys, Traits traits) {
    public boolean has(String column) {
        return columns.containsKey(column);
    }

    boolean isGenerated(String column) {
        return has(column) && columns.get(column).isGenerated();
    }
}
