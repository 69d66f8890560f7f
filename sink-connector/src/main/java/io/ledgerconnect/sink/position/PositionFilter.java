package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.read.Change;
import java.util.ArrayList;
import java.util.List;

/** Finds the changes of a batch that have not been applied, and moves the positions of {@link Progress} over them. */
public final class PositionFilter {
    private PositionFilter() {}

    /** The changes that are to be written, in their order. */
    public static List<Change> unapplied(List<Change> changes, Progress progress) {
        List<Change> unapplied = new ArrayList<>(changes.size());
        Channel channel = null;
        ChannelCursor cursor = null;
        for (Change change : changes) {
            if (!change.channel().equals(channel)) {
                channel = change.channel();
                cursor = progress.of(channel);
            }
            Verdict verdict = cursor.judge(change);
            if (verdict == Verdict.WRITE) {
                unapplied.add(change);
            } else if (verdict == Verdict.SKIP) {
                progress.skip();
            } else {
                progress.hold();
            }
        }
        return unapplied;
    }
}
