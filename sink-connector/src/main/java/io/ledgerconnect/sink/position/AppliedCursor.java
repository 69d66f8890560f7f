package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.sink.read.Change;

/** The applied position of a table's partition: as locked in the reporting store, then moved on in memory. */
public final class AppliedCursor {
    private final TableChannel channel;
    private SourcePosition position;
    private Change last;

    public AppliedCursor(TableChannel channel, SourcePosition position) {
        this.channel = channel;
        this.position = position;
    }

    void moveTo(Change change) {
        position = change.position();
        last = change;
    }

    public TableChannel channel() {
        return channel;
    }

    public SourcePosition position() {
        return position;
    }

    /** The change that moved the position in this transaction, or null. */
    public Change last() {
        return last;
    }

    /** Whether the last change that moved the position was a row of a stream's first snapshot. */
    public boolean lastIsSnapshot() {
        return last.isOfFirstSnapshot();
    }
}
