package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.TableFile;
import io.ledgerconnect.source.record.TableMapping;
import java.util.List;

/**
 * A table to be read.
 *
 * @param rowFilter the publication's row filter, or null: what is never streamed is not in the snapshot either
 * @param files in which its rows lie, in the order of reading
 */
public record SnapshotTable(LedgerTable table, TableMapping mapping, String rowFilter, List<TableFile> files) {}
