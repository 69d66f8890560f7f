package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.sink.read.Change;

/** The applied position of a table's partition: as locked in the reporting store, then moved on in memory. */
public final class AppliedCursor {
    private final TableChannel channel;
    private SourcePosition position;
    private long newestMicros;
    private Change last;

    /** @param committedAtMicros when the last applied change was committed; 0 when that is not known */
    public AppliedCursor(TableChannel channel, SourcePosition position, long committedAtMicros) {
        this.channel = channel;
        this.position = position;
        this.newestMicros = committedAtMicros;
    }

    void moveTo(Change change) {
        position = change.position();
        long micros = change.header().committedAtMicros();
        newestMicros = change.isCounted() ? micros : Math.max(newestMicros, micros);
        last = change;
    }

    public TableChannel channel() {
        return channel;
    }

    public SourcePosition position() {
        return position;
    }

    /**
     * When the last change was committed, in µs since 1970; of records without positions, that of the newest so far,
     * for their times are in no order.
     */
    public long committedAtMicros() {
        return newestMicros;
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
