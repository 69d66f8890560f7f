package io.ledgerconnect.source.snapshot;

/** A snapshot cannot be read to its end as it was begun: another one has to take its place. */
public final class SnapshotBrokenException extends RuntimeException {
    /** @param reason a sentence without its full stop */
    public SnapshotBrokenException(String reason) {
        super(reason);
    }

    /** Rows were removed or moved by what PostgreSQL's snapshots do not protect from. */
    static SnapshotBrokenException movedRows(String table) {
        return new SnapshotBrokenException("table " + table
                + " was truncated, dropped or written anew (TRUNCATE, ALTER TABLE, VACUUM FULL, CLUSTER) while its rows"
                + " were read");
    }
}
