package io.ledgerconnect.sink.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What rows of a reporting table get besides the ledger's columns.
 *
 * @param computed SQL expressions by column
 */
public record Enrichments(List<Enrichment> joins, SortedMap<String, String> computed) {
    public boolean isEmpty() {
        return joins.isEmpty() && computed.isEmpty();
    }

    /** The columns, in the order in which they are written: those of dimensions, then the computed ones. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        joins.forEach(join -> join.columns().forEach(column -> columns.add(column.name())));
        columns.addAll(computed.keySet());
        return columns;
    }
}
