package io.ledgerconnect.source.catalog;

import java.util.List;
import java.util.Map;

/**
 * A publication.
 *
 * @param viaRoot whether changes of partitions are published as changes of the partitioned table
 * @param unpublished operations that it leaves out, of insert, update, delete, truncate
 * @param tables its tables by {@code schema.table}
 */
public record Publication(
        String name, boolean allTables, boolean viaRoot, List<String> unpublished, Map<String, Member> tables) {

    /**
     * How a table is published.
     *
     * @param columns the published columns; null where the server is too old to restrict them
     * @param rowFilter an SQL expression, or null
     */
    public record Member(List<String> columns, String rowFilter) {}
}
