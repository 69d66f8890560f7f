package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.record.TableMapping;

/**
 * A table to be read.
 *
 * @param rowFilter the publication's row filter, or null: what is never streamed is not in the snapshot either
 */
public record SnapshotTable(LedgerTable table, TableMapping mapping, String rowFilter) {}
