package io.ledgerconnect.sink.config;

import java.util.Collections;
import java.util.List;

/**
 * What is set for one reporting table.
 *
 * @param keyColumns the columns that identify a row; empty for those of the record's key
 * @param enrichments what its rows get besides the ledger's columns
 * @param rollups sums over its rows
 */
public record TableSettings(TableMode mode, List<String> keyColumns, Enrichments enrichments, List<Rollup> rollups) {
    public static final TableSettings DEFAULT = new TableSettings(
            TableMode.UPSERT, List.of(), new Enrichments(List.of(), Collections.emptySortedMap()), List.of());
}
