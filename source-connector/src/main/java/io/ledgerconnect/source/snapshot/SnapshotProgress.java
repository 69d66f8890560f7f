package io.ledgerconnect.source.snapshot;

/**
 * How far a snapshot has come.
 *
 * @param rows read so far
 * @param share of the tables' blocks, 0 to 1; it grows with each chunk that is read to its end
 * @param seconds since it began
 */
public record SnapshotProgress(long rows, double share, double seconds) {
    /** Of a stream that has no snapshot to read, or had it read before. */
    public static final SnapshotProgress COMPLETE = new SnapshotProgress(0, 1, 0);

    /** At the pace so far; NaN while there is none. */
    public double secondsLeft() {
        return share == 0 ? Double.NaN : seconds / share - seconds;
    }

    SnapshotProgress completed() {
        return new SnapshotProgress(rows, 1, seconds);
    }
}
