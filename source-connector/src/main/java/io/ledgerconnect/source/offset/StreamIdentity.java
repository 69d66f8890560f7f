package io.ledgerconnect.source.offset;

import io.ledgerconnect.common.position.SourceId;

/**
 * What an offset belongs to.
 *
 * @param timeline of the server when the offset was made
 * @param startLsn where the stream begins: what committed before it is in the snapshot, or not in the stream at all
 * @param snapshot whether the stream began with a snapshot
 */
public record StreamIdentity(SourceId source, int timeline, String slot, long startLsn, boolean snapshot) {
    /**
     * Names one capture of the source. A capture begun anew has another name, because its sequences begin at 1 again.
     */
    public String stream() {
        return slot + '@' + Long.toHexString(startLsn);
    }

    public StreamIdentity onTimeline(int current) {
        return new StreamIdentity(source, current, slot, startLsn, snapshot);
    }
}
