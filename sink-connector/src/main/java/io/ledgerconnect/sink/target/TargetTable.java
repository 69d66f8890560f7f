package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableName;
import java.util.Map;
import java.util.Set;

/**
 * A reporting table as it is.
 *
 * @param uniqueKeys the columns of each unique index that an upsert can refer to
 */
public record TargetTable(TableName name, Map<String, TargetColumn> columns, Set<Set<String>> uniqueKeys) {
    public boolean has(String column) {
        return columns.containsKey(column);
    }

    boolean isGenerated(String column) {
        return has(column) && columns.get(column).isGenerated();
    }
}
