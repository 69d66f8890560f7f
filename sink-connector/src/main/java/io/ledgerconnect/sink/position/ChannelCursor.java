package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.ForeignRecords;
import io.ledgerconnect.sink.read.Origins;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * How far one channel of one stream has been applied: as read under lock, then moved on in memory. Decides for each
 * change whether it is to be written.
 *
 * <p>Invariant: within a stream, positions rise with sequences, and the sequences applied are 1 to {@code sequence}.
 */
public final class ChannelCursor {
    private final Channel channel;
    private final AppliedCursor applied;
    private final StreamState state;
    private final Hint hint;
    private final boolean replaceable;
    private SharedPosition shared;
    private long sequence;
    private Change last;
    private Change firstHeld;
    /** The position beyond which changes wait; unsigned, so this is the last one. */
    private long waitsBeyond = -1;

    private boolean waits;
    private Change lastRepeat;

    /**
     * @param sequence the last applied one, 0 when there is none
     * @param shared how many stand at the last applied position, for channels without sequences
     * @param hint where to read on in Kafka, or null
     * @param replaceable whether a fresh snapshot may take the place of changes that were not applied
     */
    public ChannelCursor(
            Channel channel,
            AppliedCursor applied,
            StreamState state,
            long sequence,
            SharedPosition shared,
            Hint hint,
            boolean replaceable) {
        this.channel = channel;
        this.applied = applied;
        this.state = state;
        this.sequence = sequence;
        this.shared = shared;
        this.hint = hint;
        this.replaceable = replaceable;
    }

    Verdict judge(Change change) {
        PositionHeader header = change.header();
        if (firstHeld != null) {
            return Verdict.HOLD;
        }
        if (waits) {
            firstHeld = change;
            return Verdict.HOLD;
        }
        if (!change.isCounted()) {
            return uncounted(change);
        }
        if (state == StreamState.SUPERSEDED) {
            return superseded(change);
        }
        if (header.sequence() <= sequence) {
            return repeat(change);
        }
        if (state == StreamState.WAITING || header.sequence() > sequence + 1) {
            firstHeld = change;
            return Verdict.HOLD;
        }
        return next(change);
    }

    private Verdict repeat(Change change) {
        if (change.position().isAfter(applied.position())) {
            throw new ConnectException(
                    "In " + describe() + ", the record at " + change.place() + " repeats sequence "
                            + change.header().sequence() + " at position " + change.position()
                            + ", but only " + applied.position()
                            + " has been applied. The rows of ledger_connect.applied and ledger_connect.channel for it contradict each other: one of them was edited or restored alone. Nothing after it is applied. Restore the reporting store as a whole, or begin a new pipeline.name with empty tables");
        }
        lastRepeat = change;
        return Verdict.SKIP;
    }

    private Verdict next(Change change) {
        if (last != null && !change.position().isAfter(last.position())) {
            throw new ConnectException(
                    "In " + describe() + ", the record at " + change.place() + " goes on with sequence "
                            + change.header().sequence() + " but goes back to position " + change.position() + " from "
                            + last.position()
                            + ": two source connectors send as the same stream, or its topic was edited by hand. Nothing of this batch is applied. Stop the source connector that should not run, and begin anew with a snapshot and a new pipeline.name with empty reporting tables");
        }
        boolean isNew = change.position().isAfter(applied.position());
        if (isNew && Long.compareUnsigned(change.position().commitLsn(), waitsBeyond) > 0) {
            firstHeld = change;
            waits = true;
            return Verdict.HOLD;
        }
        sequence = change.header().sequence();
        last = change;
        lastRepeat = null;
        if (!isNew) {
            return Verdict.SKIP; // another stream brought it
        }
        applied.moveTo(change);
        return Verdict.WRITE;
    }

    /**
     * Without a sequence a record is known by where it stands in its topic, and what is sent twice by its position. So
     * each record of a topic is judged once, in the order of offsets, and what it was judged by is kept.
     */
    private Verdict uncounted(Change change) {
        if (wasRead(change)) {
            requireSameTopic(change);
            return Verdict.SKIP;
        }
        last = change;
        int order = change.position().compareTo(applied.position());
        if (order < 0) {
            shared = shared.left();
            return Verdict.SKIP;
        }
        SharedPosition next = order > 0 ? SharedPosition.begin(change) : shared.next(change);
        boolean isNew = order > 0 || next.count() > shared.count();
        shared = next;
        if (!isNew) {
            return Verdict.SKIP;
        }
        applied.moveTo(change);
        return Verdict.WRITE;
    }

    private boolean wasRead(Change change) {
        long offset = Origins.offset(change.record());
        if (last != null) {
            return isOfPartition(last.record(), change.record()) && offset <= Origins.offset(last.record());
        }
        return hint != null
                && hint.topic().equals(Origins.topic(change.record()))
                && hint.partition() == Origins.partition(change.record())
                && offset < hint.nextOffset();
    }

    private static boolean isOfPartition(SinkRecord one, SinkRecord other) {
        return Origins.topic(one).equals(Origins.topic(other)) && Origins.partition(one) == Origins.partition(other);
    }

    /** In a topic that is read again, nothing is newer than what was applied. */
    private void requireSameTopic(Change change) {
        boolean newer = ForeignRecords.isDebezium(channel.source().toString())
                ? change.position().isAfter(applied.position())
                : change.header().committedAtMicros() > applied.committedAtMicros();
        if (newer) {
            throw new ConnectException("In " + describe() + ", the record at " + change.place()
                    + " is newer than all that were applied, though records of its topic were applied through a later"
                    + " offset: the topic was made anew, or records of another cluster's topic come under its name."
                    + " Nothing of this batch is applied. Begin a new pipeline.name with empty tables; or, if all records"
                    + " of the former topic were applied, let the new one be read from its beginning: DELETE FROM"
                    + " ledger_connect.channel WHERE topic = '" + Origins.topic(change.record())
                    + "'"
                    + (ForeignRecords.isDebezium(channel.source().toString())
                            ? ""
                            : "; DELETE FROM ledger_connect.applied WHERE source = '" + channel.source() + "'")
                    + ", and restart the task");
        }
    }

    /**
     * A later stream brings all of it; whether some of it is missing does not matter any more. But a change that comes
     * right after what was applied shows that the snapshot was not abandoned, and no other stream brings it.
     */
    private Verdict superseded(Change change) {
        boolean repeats = !change.position().isAfter(applied.position());
        if (!change.isOfFirstSnapshot()) {
            if (!repeats) {
                throw parallel(change);
            }
            if (change.header().sequence() == sequence + 1 && !replaceable) {
                throw passedOver(change);
            }
        }
        lastRepeat = change;
        return Verdict.SKIP;
    }

    private ConnectException parallel(Change change) {
        return new ConnectException(
                "Stream " + channel.stream() + " goes on with a change of " + channel.table()
                        + " at position " + change.position()
                        + ", although a later stream has begun a snapshot anew in the same pipeline: two captures that both began with a snapshot feed one pipeline, and their rows would mix. Stop one of the two source connectors, and start it with snapshot.mode=no_data once the pipeline is complete, or give it topics and a pipeline of its own");
    }

    private ConnectException passedOver(Change change) {
        return new ConnectException(
                "In " + describe() + ", the change at " + change.place() + ", position " + change.position()
                        + ", was not applied before a later stream brought a fresh snapshot: the source connector was begun anew after it had sent changes. Upsert tables have them by the snapshot, append tables lack them. Nothing of this batch is applied. Set resnapshot.mode=replace to have the snapshot in the place of all changes before it; or, if append tables need them, begin a new pipeline.name with empty tables");
    }

    /** Has changes beyond a WAL address wait. */
    public void waitBeyond(long lsn) {
        waitsBeyond = lsn;
    }

    /**
     * Has all changes wait, as a change of the channel does that a batch before this one in the same put has brought: a
     * tombstone has the sequence of its delete, and would be taken for it.
     */
    void waitToo() {
        waits = true;
    }

    /** Whether the changes that must be read again wait for what it is enriched by. */
    public boolean waitsForDimension() {
        return waits;
    }

    public Channel channel() {
        return channel;
    }

    public AppliedCursor applied() {
        return applied;
    }

    public StreamState state() {
        return state;
    }

    /** The last sequence that is applied, or known to have been applied by another stream. */
    public long sequence() {
        return sequence;
    }

    /** How many stand at the last applied position; for channels without sequences. */
    public SharedPosition shared() {
        return shared;
    }

    public Hint hint() {
        return hint;
    }

    /** The change that moved the sequence in this transaction, or null. */
    public Change last() {
        return last;
    }

    /** The first change that must be read again, or null. */
    public Change firstHeld() {
        return firstHeld;
    }

    /** The last change, when it and all after it were repeats; else null. */
    public Change lastRepeat() {
        return lastRepeat;
    }

    /** As messages name it. */
    public String describe() {
        return channel.table() + " (partition " + channel.partition() + ", stream " + channel.stream() + ")";
    }
}
