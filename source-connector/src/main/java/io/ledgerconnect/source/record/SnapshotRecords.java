package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.ChangeDigest;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.source.offset.SnapshotState;
import io.ledgerconnect.source.offset.SourceOffset;
import org.apache.kafka.connect.data.Struct;

/**
 * Turns the rows of a snapshot into records. They stand together at one WAL address, just before everything streamed,
 * each at an ordinal that stands for its place in the table: whoever reads it again gives it the same position. Used by
 * one thread only.
 */
public final class SnapshotRecords {
    private final StreamState state;
    private final RecordFactory records;
    private final RecordBuffer buffer;
    private final Transaction transaction;
    private long recordNumber;

    SnapshotRecords(StreamState state, RecordFactory records, RecordBuffer buffer, long atMicros) {
        this.state = state;
        this.records = records;
        this.buffer = buffer;
        this.transaction = new Transaction(state.identity().startLsn() - 1, atMicros, Transaction.NONE);
    }

    /** Notes a table that is part of the snapshot, also when it has no rows. */
    public void table(TableMapping mapping) {
        state.table(mapping);
    }

    /**
     * Sends a row.
     *
     * @param place its ordinal, higher than those of the table's rows before it; 0 to count instead
     */
    public void row(TableMapping mapping, Struct key, Struct value, int partition, long contentHash, long place) {
        TableState table = state.table(mapping);
        long commitLsn = transaction.commitLsn();
        SourcePosition position = new SourcePosition(commitLsn, place == 0 ? table.nextOrdinal(commitLsn) : place);
        long digest = ChangeDigest.of(position, Operation.READ, contentHash);
        Change change = Change.next(
                mapping,
                table,
                position,
                transaction,
                Operation.READ,
                partition,
                state.identity().startLsn(),
                null,
                records.told(digest));
        table.count(digest);
        SourceOffset offset = new SourceOffset(state.checkpoint(), commitLsn, ++recordNumber);
        buffer.add(records.change(mapping, transaction, change, key, null, value, null, offset));
    }

    /** What is kept of the snapshot. */
    public SnapshotState state() {
        return state.checkpoint().snapshot();
    }

    /** Notes how far it has come. Kafka transactions may end here. */
    public void reached(SnapshotState reached) {
        state.snapshotReached(reached);
        buffer.endTransaction();
    }

    /** Where to go on if it is interrupted now. */
    public SourceOffset offset() {
        return new SourceOffset(state.checkpoint(), 0, 0);
    }
}
