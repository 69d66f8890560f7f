package io.ledgerconnect.sink.config;

import java.util.List;

/**
 * What is set for one reporting table.
 *
 * @param keyColumns the columns that identify a row; empty for those of the record's key
 */
public record TableSettings(TableMode mode, List<String> keyColumns) {
    public static final TableSettings DEFAULT = new TableSettings(TableMode.UPSERT, List.of());
}
