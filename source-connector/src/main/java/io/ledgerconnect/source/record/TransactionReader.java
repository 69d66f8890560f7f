package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.ChangeDigest;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import io.ledgerconnect.source.request.DeliveredTransactions;
import io.ledgerconnect.source.request.RequestedSnapshots;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Turns the changes of transactions into records with positions and sequences. After a restart it counts the changes
 * that were sent before without sending them again. Used by one thread only.
 *
 * <p>Invariant: the same changes after the same checkpoint give the same records, whenever they are read.
 */
public final class TransactionReader implements PgOutputDecoder.Listener {
    private final StreamState state;
    private final RecordFactory records;
    private final RecordBuffer buffer;
    private final SourceOffset resumeAfter;
    private final Set<Operation> skippedOperations;
    private final boolean tombstones;
    private final TransactionMetadata metadata;
    private final LogicalMessages messages;
    private final String topicPrefix;

    private final RequestedReads requests;
    private final DeliveredTransactions delivered = new DeliveredTransactions();
    private final Relations relations;
    private final RowLookups lookups;
    private Transaction transaction;
    private long recordNumber;
    private long messageLsn;
    /** Everything committed up to this time has been read, as far as is known; 0 while nothing is. */
    private long knownMicros;

    private long throughLsn;

    /** Goes on after {@code resumeAfter}, whose checkpoint {@code state} was restored from. */
    public TransactionReader(
            SourceConfig config,
            Ledger ledger,
            StreamState state,
            SourceOffset resumeAfter,
            RecordBuffer buffer,
            Clock clock) {
        this.relations = new Relations(ledger, state);
        this.lookups = new RowLookups(ledger, config.connection().user());
        this.state = state;
        this.resumeAfter = resumeAfter;
        this.throughLsn = state.checkpoint().lsn();
        this.buffer = buffer;
        this.skippedOperations = config.skippedOperations();
        this.tombstones = config.tombstonesOnDelete();
        this.topicPrefix = config.topicPrefix();
        this.records = new RecordFactory(
                topicPrefix, state.identity().source().database(), config.transformsKeepValues(), clock);
        this.requests = new RequestedReads(config, state, relations);
        this.messages = new LogicalMessages(config, state.identity());
        this.metadata = config.transactionMetadata() ? new TransactionMetadata() : null;
        readThrough(throughLsn);
    }

    /** Where the message that comes next stands in the WAL. */
    public void setMessageLsn(long lsn) {
        messageLsn = lsn;
    }

    public StreamIdentity identity() {
        return state.identity();
    }

    /** The snapshots that were asked for while the stream goes on. */
    public RequestedSnapshots requested() {
        return requests.requested();
    }

    /** What the stream has brought last; other threads may read it. */
    public DeliveredTransactions delivered() {
        return delivered;
    }

    /** Notes that the server has nothing more to send before {@code lsn}. */
    public void readThrough(long lsn) {
        throughLsn = Long.compareUnsigned(lsn, throughLsn) > 0 ? lsn : throughLsn;
        buffer.readThrough(throughLsn, knownMicros);
        requested().readThrough(knownMicros);
    }

    /** Notes that in addition nothing was committed before this time and after {@code lsn}. */
    public void readThrough(long lsn, long atMicros) {
        knownMicros = Math.max(knownMicros, atMicros);
        readThrough(lsn);
    }

    /** The end of the last transaction read: everything that committed before it has been read. */
    public long throughLsn() {
        return throughLsn;
    }

    /** The state at the last watermark, or at the offset that the reader went on from. */
    public Checkpoint checkpoint() {
        return state.checkpoint();
    }

    public boolean inTransaction() {
        return transaction != null;
    }

    /**
     * Whether a watermark can be sent: between transactions, when it has a time, and not before everything that was
     * sent already has been counted again. An earlier one would be a restart point that forgets what was sent. Nor
     * before the changes have come to which the snapshot left rows: until then these are not there.
     */
    public boolean canSendWatermark() {
        return transaction == null
                && knownMicros > 0
                && resumeAfter.isBefore(throughLsn)
                && !lacksRows(throughLsn)
                && !requested().isReading();
    }

    /** The failure with the position of the change that could not be sent. */
    public ConnectException stoppedBy(ConnectException cause) {
        return transaction == null
                ? cause
                : new ConnectException(
                        cause.getMessage() + ". This change is in the transaction committed at "
                                + Lsn.format(transaction.commitLsn()),
                        cause);
    }

    @Override
    public void begin(long commitLsn, long committedAtMicros, int transactionId) {
        transaction = new Transaction(commitLsn, committedAtMicros, transactionId);
        recordNumber = 0;
        delivered.add(transactionId);
    }

    @Override
    public void commit(long commitLsn, long endLsn) {
        if (metadata != null && metadata.isOpen()) {
            if (isNew(++recordNumber)) {
                buffer.add(records.transactionEvent(metadata.key(), metadata.end(transaction), offset()));
            }
            metadata.close();
        }
        if (recordNumber > 0 && isNew(recordNumber)) {
            buffer.countTransaction();
        }
        readThrough(endLsn, transaction.committedAtMicros());
        transaction = null;
        buffer.endTransaction();
    }

    @Override
    public void relation(Relation relation) {
        relations.announce(relation);
    }

    @Override
    public void insert(int relationOid, Tuple row) {
        TableMapping.Rows rows = relations.rows(relationOid);
        if (rows != null) {
            rows.mapping().readable(row);
            change(rows, Operation.CREATE, row, null, false, row);
            requests.inserted(rows, row);
        }
    }

    @Override
    public void update(int relationOid, Tuple oldRow, boolean identityOnly, Tuple newRow) {
        TableMapping.Rows rows = relations.rows(relationOid);
        if (rows == null) {
            return;
        }
        rows.mapping().readable(newRow);
        rows.mapping().readable(oldRow);
        boolean moved = oldRow != null && rows.mapping().keyChanged(oldRow, newRow);
        if (moved) {
            change(rows, Operation.DELETE, oldRow, oldRow, identityOnly, null);
        }
        Tuple now = moved || lacksRows(transaction.commitLsn()) || requests.concern(rows)
                ? lookups.find(rows.mapping(), newRow, oldRow, identityOnly, transaction.commitLsn())
                : null;
        // A row that is gone by now may be nowhere known: whoever gets it first takes it as it is.
        boolean creates = moved || now == RowLookups.GONE;
        Operation operation = creates ? Operation.CREATE : Operation.UPDATE;
        if (now == null || now == RowLookups.GONE) {
            change(rows, operation, newRow, oldRow, identityOnly, newRow);
        } else {
            change(rows, operation, newRow, oldRow, newRow, now, false);
        }
    }

    /** Whether changes at this WAL address or after it may be the first that is sent of their rows. */
    private boolean lacksRows(long lsn) {
        return Long.compareUnsigned(lsn, state.checkpoint().snapshot().throughLsn()) < 0;
    }

    @Override
    public void delete(int relationOid, Tuple oldRow, boolean identityOnly) {
        TableMapping.Rows rows = relations.rows(relationOid);
        if (rows != null) {
            rows.mapping().readable(oldRow);
            change(rows, Operation.DELETE, oldRow, oldRow, identityOnly, null);
        }
    }

    /** A truncation concerns every partition, so it is sent to every partition, under one position. */
    @Override
    public void truncate(int[] relationOids) {
        for (int oid : relationOids) {
            TableMapping.Rows rows = relations.rows(oid);
            if (rows != null) {
                truncate(rows.mapping());
            }
        }
    }

    private void truncate(TableMapping mapping) {
        TableState table = state.table(mapping);
        SourcePosition position = position(table);
        requested().truncated(mapping.table);
        if (skippedOperations.contains(Operation.TRUNCATE)) {
            return;
        }
        openMetadata(mapping);
        for (int partition = 0; partition < mapping.partitions(); partition++) {
            long digest = ChangeDigest.of(position, Operation.TRUNCATE, partition);
            Change change = number(mapping, table, position, Operation.TRUNCATE, partition, null, digest);
            table.count(digest);
            if (isNew(++recordNumber)) {
                buffer.add(records.change(
                        mapping, transaction, change, null, null, null, transactionBlock(table), offset()));
            }
        }
    }

    @Override
    public void message(LogicalMessage message) {
        if (!requests.take(message, transaction, reads())) {
            event(message);
        }
    }

    private RequestedReads.Reads reads() {
        return new RequestedReads.Reads() {
            @Override
            public void read(TableMapping.Rows rows, Tuple row) {
                change(rows, Operation.READ, row, null, false, row);
            }

            @Override
            public void gone(TableMapping.Rows rows, Tuple key) {
                change(rows, Operation.DELETE, key, key, true, null);
            }
        };
    }

    /**
     * Outside of transactions it stands for one of its own, just before the address at which the server gives it: there
     * the commit record of another may begin.
     */
    private void event(LogicalMessage message) {
        if (!messages.includes(message)) {
            return;
        }
        boolean alone = transaction == null;
        if (alone) {
            begin(message.lsn() - 1, knownMicros > 0 ? knownMicros : records.nowMicros(), Transaction.NONE);
        }
        send(message);
        if (alone) {
            transaction = null;
            readThrough(message.lsn());
            buffer.endTransaction();
        }
    }

    private void send(LogicalMessage message) {
        TableState channel = state.table(LogicalMessages.CHANNEL);
        SourcePosition position = position(channel);
        long sequence = channel.nextSequence(LogicalMessages.PARTITION);
        long digest = ChangeDigest.of(position, Operation.MESSAGE, messages.checksum(message));
        channel.count(digest);
        if (isNew(++recordNumber)) {
            String header = messages.header(sequence, position, transaction.committedAtMicros(), records.told(digest));
            buffer.add(records.message(messages, message, transaction, header, offset()));
        }
    }

    private void change(
            TableMapping.Rows rows,
            Operation operation,
            Tuple keyRow,
            Tuple oldRow,
            boolean identityOnly,
            Tuple newRow) {
        change(rows, operation, keyRow, oldRow, newRow, oldRow, identityOnly);
    }

    /**
     * Sends a change.
     *
     * @param known has what the server left out of {@code newRow}: the old row, or the row as it is now
     * @param identityOnly whether {@code known} has the key's columns only
     */
    private void change(
            TableMapping.Rows rows,
            Operation operation,
            Tuple keyRow,
            Tuple oldRow,
            Tuple newRow,
            Tuple known,
            boolean identityOnly) {
        TableMapping mapping = rows.mapping();
        TableState table = state.table(mapping);
        SourcePosition position = position(table);
        if (operation != Operation.READ) {
            requests.changed(rows, keyRow, oldRow);
        }
        if (skippedOperations.contains(operation)) {
            return;
        }
        openMetadata(mapping);
        String absent = newRow == null ? null : mapping.absentColumns(newRow, known, identityOnly);
        Struct key = rows.key(keyRow, oldRow);
        Struct before = operation == Operation.CREATE || oldRow == null ? null : rows.value(oldRow, null, false);
        Struct after = newRow == null ? null : rows.value(newRow, known, identityOnly);
        long digest = ChangeDigest.of(position, operation, ContentHash.of(key, before, after));
        table.count(digest);
        Change change = number(mapping, table, position, operation, rows.partition(keyRow, oldRow), absent, digest);
        if (isNew(++recordNumber)) {
            buffer.add(records.change(
                    mapping, transaction, change, key, before, after, transactionBlock(table), offset()));
        }
        boolean tombstone = operation == Operation.DELETE && tombstones && mapping.hasKey();
        if (tombstone && isNew(++recordNumber)) {
            buffer.add(records.tombstone(mapping, change, key, offset()));
        }
    }

    private SourcePosition position(TableState table) {
        return new SourcePosition(transaction.commitLsn(), table.nextOrdinal(transaction.commitLsn()));
    }

    private Change number(
            TableMapping mapping,
            TableState table,
            SourcePosition position,
            Operation operation,
            int partition,
            String absentColumns,
            long digest) {
        return Change.next(
                mapping,
                table,
                position,
                transaction,
                operation,
                partition,
                messageLsn,
                absentColumns,
                records.told(digest));
    }

    private boolean isNew(long number) {
        return !resumeAfter.covers(transaction.commitLsn(), number);
    }

    private SourceOffset offset() {
        return new SourceOffset(state.checkpoint(), transaction.commitLsn(), recordNumber);
    }

    private void openMetadata(TableMapping mapping) {
        if (metadata == null) {
            return;
        }
        if (!metadata.isOpen()) {
            metadata.open(transaction);
            if (isNew(++recordNumber)) {
                buffer.add(records.transactionEvent(metadata.key(), metadata.begin(transaction), offset()));
            }
        }
        metadata.count(mapping.table);
    }

    private Struct transactionBlock(TableState table) {
        return metadata == null ? null : metadata.block(table.table);
    }

    /** Begins the snapshot, which has everything that was committed before {@code atMicros}. Before any change. */
    public SnapshotRecords beginSnapshot(long atMicros) {
        readThrough(state.identity().startLsn(), atMicros);
        return new SnapshotRecords(state, records, buffer, atMicros);
    }

    /** What everything so far was read through. */
    public PublicationVersion publication() {
        return state.publication();
    }

    /** Notes that everything so far was read through this version of the publication. */
    public void readThrough(PublicationVersion version) {
        state.setPublication(version);
    }

    /** The keys of the tables that the stream has something of. */
    public Map<String, TableKey> keys() {
        return state.keys();
    }

    /** Sends a watermark. Only between transactions. */
    public void watermark() {
        Watermark watermark = state.watermark(throughLsn, knownMicros, table -> TableMapper.topic(topicPrefix, table));
        buffer.add(records.watermark(watermark, new SourceOffset(state.checkpoint(), 0, 0)));
        buffer.markWatermark();
        buffer.endTransaction();
    }
}
