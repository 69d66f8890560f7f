package io.ledgerconnect.source.offset;

import java.util.Map;

/**
 * The state of a stream between two transactions: enough to repeat everything after it with the same positions and
 * sequences. Taken with every watermark.
 *
 * @param snapshotComplete false until all rows of the first snapshot have been sent
 * @param lsn every transaction with a commit record before this WAL address is in {@code sequences}
 * @param keys by {@code schema.table}, of the tables that the stream has changes or a snapshot of
 * @param settings those of the connector's settings that decide which records there are
 * @param publication what the stream was read through
 * @param sequences the last sequence by {@code schema.table} and partition; neither the map nor the arrays ever change
 * @param snapshot how far the snapshot has come, and what to remember of it
 */
public record Checkpoint(
        StreamIdentity identity,
        boolean snapshotComplete,
        long lsn,
        Map<String, long[]> sequences,
        Map<String, TableKey> keys,
        Map<String, String> settings,
        PublicationVersion publication,
        SnapshotState snapshot) {

    /** The beginning of a stream. */
    public static Checkpoint begin(
            StreamIdentity identity,
            boolean snapshotComplete,
            long lsn,
            Map<String, String> settings,
            PublicationVersion publication) {
        return new Checkpoint(
                identity, snapshotComplete, lsn, Map.of(), Map.of(), settings, publication, SnapshotState.NONE);
    }

    public Checkpoint with(SnapshotState state) {
        return new Checkpoint(identity, snapshotComplete, lsn, sequences, keys, settings, publication, state);
    }

    /** What another attempt at the interrupted snapshot begins with. */
    public Checkpoint nextAttempt(long beganAtMicros) {
        return new Checkpoint(
                identity.withAttempt(beganAtMicros),
                false,
                lsn,
                Map.of(),
                keys,
                settings,
                publication,
                snapshot.after(identity.stream(), sequences));
    }

    Checkpoint with(StreamIdentity moved) {
        return new Checkpoint(moved, snapshotComplete, lsn, sequences, keys, settings, publication, snapshot);
    }
}
