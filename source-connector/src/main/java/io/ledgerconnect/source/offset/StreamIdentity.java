package io.ledgerconnect.source.offset;

import io.ledgerconnect.common.position.SourceId;

/**
 * What an offset belongs to.
 *
 * @param timeline of the server when the offset was made
 * @param startLsn where the stream begins: what committed before it is in the snapshot, or not in the stream at all
 * @param snapshot whether the stream began with a snapshot
 * @param attempt 0, or when an interrupted snapshot was gone on with last, µs since 1970 by the ledger's clock
 */
public record StreamIdentity(
        SourceId source, int timeline, String slot, long startLsn, boolean snapshot, long attempt) {
    /** Of a capture whose snapshot was not interrupted. */
    public StreamIdentity(SourceId source, int timeline, String slot, long startLsn, boolean snapshot) {
        this(source, timeline, slot, startLsn, snapshot, 0);
    }

    /**
     * Names one capture of the source. A capture begun anew has another name, because its sequences begin at 1 again;
     * so has what goes on with an interrupted snapshot, because nobody knows which numbers were given to rows that were
     * sent last.
     */
    public String stream() {
        return slot + (attempt == 0 ? "" : '.' + Long.toHexString(attempt)) + '@' + Long.toHexString(startLsn);
    }

    /** Whether both begin alike, whichever attempts at the snapshot they are. */
    public boolean isSameCapture(StreamIdentity other) {
        return source.equals(other.source) && slot.equals(other.slot) && startLsn == other.startLsn;
    }

    public StreamIdentity onTimeline(int current) {
        return new StreamIdentity(source, current, slot, startLsn, snapshot, attempt);
    }

    public StreamIdentity withAttempt(long beganAtMicros) {
        return new StreamIdentity(source, timeline, slot, startLsn, snapshot, beganAtMicros);
    }
}
