package io.ledgerconnect.common.position;

/**
 * Where a change stands in its table's history: the identity of a change.
 *
 * <p>{@code commitLsn} is the WAL address of the transaction's commit record, an unsigned 64-bit number;
 * {@code ordinal} counts the events of this table within the transaction, from 1. Change LSNs are not monotonic across
 * transactions and several tuples can share one, so they identify nothing; commit LSNs and ordinals do. Rows of a
 * snapshot stand one byte before the point at which the stream begins, so that they precede everything streamed.
 */
public record SourcePosition(long commitLsn, long ordinal) implements Comparable<SourcePosition> {
    /** Precedes every change. */
    public static final SourcePosition BEGINNING = new SourcePosition(0, 0);

    @Override
    public int compareTo(SourcePosition other) {
        int byLsn = Long.compareUnsigned(commitLsn, other.commitLsn);
        return byLsn != 0 ? byLsn : Long.compare(ordinal, other.ordinal);
    }

    public boolean isAfter(SourcePosition other) {
        return compareTo(other) > 0;
    }

    /** As operators read it: {@code 0/16B3748 #2}. */
    @Override
    public String toString() {
        return Lsn.format(commitLsn) + " #" + ordinal;
    }
}
