package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.replication.ServerIdentity;
import org.apache.kafka.connect.errors.ConnectException;

/** A server that others have left behind: each promotion begins a timeline with a higher number. */
final class FormerPrimary {
    private FormerPrimary() {}

    /** @throws ConnectException when changes were captured from a later timeline than the server's */
    static void refuse(SourceOffset offset, ServerIdentity server) {
        int captured = offset.checkpoint().identity().timeline();
        if (server.timeline() < captured) {
            throw new ConnectException("The server is on timeline " + server.timeline()
                    + ", but changes through " + Lsn.format(offset.furthestLsn()) + " were captured on timeline "
                    + captured
                    + ", which began when another server was promoted: this is the former primary, which has come back, or"
                    + " the ledger was restored to an earlier point. What it is written now, the other does not have, and"
                    + " nothing is captured from it. Stop the former primary or make it a standby, or take it out of"
                    + " database.hostname, and restart the task; after a restore begin a new capture with another"
                    + " topic.prefix and slot.name, into a new pipeline with empty tables");
        }
    }
}
