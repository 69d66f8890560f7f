package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.read.Change;

/** Writes the fields of {@link io.ledgerconnect.sink.target.MetaColumns} in binary. */
final class MetaFields {
    /** PostgreSQL counts µs from 2000-01-01. */
    private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;

    private MetaFields() {}

    /** Position and commit time; {@code ordinal} only where the table has that column. */
    static void write(Change change, boolean ordinal, BinaryWriter out) {
        putLong(change.position().commitLsn(), out);
        if (ordinal) {
            putLong(change.position().ordinal(), out);
        }
        putLong(change.header().committedAtMicros() - EPOCH_2000_MICROS, out);
    }

    static void writeOperation(Change change, BinaryWriter out) {
        int begin = out.beginField();
        out.putUtf8(change.operation().code());
        out.endField(begin);
    }

    private static void putLong(long value, BinaryWriter out) {
        out.putInt(Long.BYTES);
        out.putLong(value);
    }
}
