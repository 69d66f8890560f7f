package io.ledgerconnect.source.snapshot;

/**
 * How far a snapshot has come.
 *
 * @param rows read so far, since it began or was gone on with
 * @param share of the tables' blocks, 0 to 1; it grows with each chunk that is read to its end
 * @param shareSince the same, since it began or was gone on with
 * @param seconds since then
 */
public record SnapshotProgress(long rows, double share, double shareSince, double seconds) {
    /** Before anything was read. */
    public static final SnapshotProgress NONE = new SnapshotProgress(0, 0, 0, 0);

    /** Of a stream that has no snapshot to read, or had it read before. */
    public static final SnapshotProgress COMPLETE = new SnapshotProgress(0, 1, 1, 0);

    /** At the pace so far; NaN while there is none. */
    public double secondsLeft() {
        return shareSince <= 0 ? Double.NaN : seconds * (1 - share) / shareSince;
    }

    SnapshotProgress completed() {
        return new SnapshotProgress(rows, 1, shareSince, seconds);
    }
}
