package io.ledgerconnect.source.offset;

import java.util.Map;

/**
 * The state of a stream between two transactions: enough to repeat everything after it with the same positions and
 * sequences. Taken with every watermark.
 *
 * @param snapshotComplete false until all rows of the first snapshot have been sent
 * @param lsn every transaction with a commit record before this WAL address is in {@code sequences}
 * @param sequences the last sequence by {@code schema.table} and partition; neither the map nor the arrays ever change
 */
public record Checkpoint(StreamIdentity identity, boolean snapshotComplete, long lsn, Map<String, long[]> sequences) {}
