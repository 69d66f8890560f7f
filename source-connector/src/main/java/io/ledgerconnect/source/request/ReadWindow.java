package io.ledgerconnect.source.request;

import java.util.HashSet;
import java.util.Set;

/**
 * The part of the stream between the announcement of a piece and its rows. What is changed in it is in the stream, and
 * may be newer than the row that was read. Used by one thread only.
 */
final class ReadWindow {
    /** A window with more changes than this is given up, and the piece read again later. */
    private static final int MOST_KEYS = 200_000;

    /** Rows that come later are not taken: no watermark is sent in a window. */
    private static final long LONGEST_MICROS = 20_000_000L;

    /** Nothing that was committed within the longest window comes after this, whatever clocks do meanwhile. */
    private static final long GRACE_MICROS = 5_000_000L;

    private final String table;
    private final long piece;
    private final long openedMicros;
    private final Set<Long> changed = new HashSet<>();
    private boolean broken;

    ReadWindow(String table, long piece, long openedMicros) {
        this.table = table;
        this.piece = piece;
        this.openedMicros = openedMicros;
    }

    String table() {
        return table;
    }

    long piece() {
        return piece;
    }

    void change(long identity) {
        if (changed.size() >= MOST_KEYS) {
            breakOff();
        } else if (!broken) {
            changed.add(identity);
        }
    }

    /** Whatever was read is not taken. */
    void breakOff() {
        broken = true;
        changed.clear();
    }

    boolean isBroken() {
        return broken;
    }

    /** Whether rows that a transaction of this time brings belong to it. */
    boolean admits(long committedAtMicros) {
        return !broken && committedAtMicros - openedMicros <= LONGEST_MICROS;
    }

    /** Whether no such transaction can come any more after something that was committed at this time. */
    boolean isOver(long knownMicros) {
        return broken || knownMicros - openedMicros > LONGEST_MICROS + GRACE_MICROS;
    }

    boolean hasChanged(long identity) {
        return changed.contains(identity);
    }
}
