package io.ledgerconnect.source.catalog;

import io.ledgerconnect.source.decode.Relation;
import java.util.List;

/**
 * A captured table as the catalogue describes it now.
 *
 * @param relation its columns as far as the publication sends them
 * @param primaryKey column names in the order of the key, empty where there is none
 * @param partitioned whether it is a partitioned table, whose rows are in its leaves
 * @param pages size in blocks as the last vacuum left it, or as it was measured for a snapshot
 * @param estimatedRows the planner's estimate, -1 when the table was never analysed
 */
public record LedgerTable(
        Relation relation, List<String> primaryKey, boolean partitioned, long pages, long estimatedRows) {
    public String name() {
        return relation.qualifiedName();
    }

    public LedgerTable withPages(long measured) {
        return new LedgerTable(relation, primaryKey, partitioned, measured, estimatedRows);
    }
}
