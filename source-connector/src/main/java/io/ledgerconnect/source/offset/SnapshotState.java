package io.ledgerconnect.source.offset;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a stream keeps of its snapshot: how to go on with it while it is read, and afterwards what others rely on.
 * Immutable.
 *
 * @param visible which transactions the snapshot sees, as {@code pg_snapshot} writes it; empty when it cannot be gone
 *     on with, or need not be any more
 * @param files hash of the files of its tables: rows keep their places as long as these are the same
 * @param place where to go on
 * @param atMicros when it was taken, µs since 1970 by the ledger's clock: it has everything committed before
 * @param throughLsn rows that were changed before this WAL address may have been left to their changes; 0 for none
 * @param earlier by stream, the sequences of attempts that were interrupted, as far as what followed builds on them
 * @param requests snapshots that were asked for since
 */
public record SnapshotState(
        String visible,
        String files,
        Place place,
        long atMicros,
        long throughLsn,
        Map<String, Map<String, long[]>> earlier,
        SnapshotRequests requests) {
    public static final SnapshotState NONE =
            new SnapshotState("", "", Place.BEGIN, 0, 0, Map.of(), SnapshotRequests.NONE);

    /** The beginning of a snapshot. */
    public static SnapshotState begin(String visible, String files, long atMicros) {
        return new SnapshotState(visible, files, Place.BEGIN, atMicros, 0, Map.of(), SnapshotRequests.NONE);
    }

    public SnapshotState at(Place reached) {
        return new SnapshotState(visible, files, reached, atMicros, throughLsn, earlier, requests);
    }

    /** Rows that were changed before {@code lsn} are left to their changes from here on. */
    public SnapshotState through(long lsn) {
        return new SnapshotState(visible, files, place, atMicros, lsn, earlier, requests);
    }

    /** Whether it can be gone on with when it is interrupted. */
    public boolean isResumable() {
        return !visible.isEmpty();
    }

    public SnapshotState completed() {
        return new SnapshotState("", "", Place.BEGIN, 0, throughLsn, earlier, requests);
    }

    public SnapshotState with(SnapshotRequests asked) {
        return new SnapshotState(visible, files, place, atMicros, throughLsn, earlier, asked);
    }

    /** What the next attempt begins with: everything that this one had sent of {@code stream} counts. */
    SnapshotState after(String stream, Map<String, long[]> sequences) {
        Map<String, long[]> sent = new HashMap<>(sequences);
        sent.values().removeIf(ofTable -> Arrays.stream(ofTable).allMatch(sequence -> sequence == 0));
        Map<String, Map<String, long[]>> all = new HashMap<>(earlier);
        if (!sent.isEmpty()) {
            all.put(stream, Map.copyOf(sent));
        }
        return new SnapshotState(visible, files, place, atMicros, throughLsn, Map.copyOf(all), requests);
    }
}
