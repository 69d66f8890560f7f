package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Hint;
import io.ledgerconnect.sink.position.StreamState;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.state.GapStore;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the worker read again what could not be applied: from the stored hint before a hole, once; and later where a
 * stream waits for the pipeline. What stays missing stops the task.
 */
public final class Rereading {
    private static final Logger log = LoggerFactory.getLogger(Rereading.class);

    /** A second stream waits while the first catches up with where the second began: seconds, unless it has stopped. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** A stream that takes the place of one with a hole is met within this time, if there is one in the topics. */
    private static final Duration SUCCESSOR_WAIT = Duration.ofSeconds(20);

    private static final Duration WAIT_STEP = Duration.ofSeconds(1);

    private final SinkTaskContext context;
    private final KafkaOffsets offsets;
    private final WaitingChannels waiting;
    private final GapStore gaps;
    private final Clock clock;
    private final boolean replaced;
    /** Since when a channel stands before a hole. */
    private record Hole(long missing, Instant since) {}

    private final Map<Channel, Hole> holes = new HashMap<>();
    private final Map<Channel, Long> rewoundFor = new HashMap<>();
    private final Map<String, Instant> waitingSince = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    /** @param replaced whether a stream with a hole may be replaced by one that begins with a fresh snapshot */
    Rereading(
            SinkTaskContext context,
            KafkaOffsets offsets,
            WaitingChannels waiting,
            GapStore gaps,
            Clock clock,
            boolean replaced) {
        this.context = context;
        this.offsets = offsets;
        this.waiting = waiting;
        this.gaps = gaps;
        this.clock = clock;
        this.replaced = replaced;
    }

    /** Begins a put: what waits is tried again. */
    public void begin() {
        if (!paused.isEmpty()) {
            context.resume(paused.toArray(TopicPartition[]::new));
            paused.clear();
        }
    }

    /**
     * Ends a put, with the channels of which something was held.
     *
     * @throws ConnectException when a hole was there before too, or a stream has waited too long
     */
    public void arrange(Collection<ChannelCursor> held) throws SQLException {
        Map<TopicPartition, Long> targets = new HashMap<>();
        for (ChannelCursor cursor : held) {
            Change first = cursor.firstHeld();
            TopicPartition partition =
                    new TopicPartition(Origins.topic(first.record()), Origins.partition(first.record()));
            if (cursor.waitsForDimension()) {
                waiting.hold(cursor, partition);
                targets.merge(partition, Origins.offset(first.record()), Math::min);
            } else if (cursor.state() == StreamState.WAITING) {
                await(cursor, partition);
                targets.merge(partition, Origins.offset(first.record()), Math::min);
            } else {
                targets.merge(partition, rewind(cursor, partition), Math::min);
            }
        }
        targets.forEach(this::seek);
    }

    void seek(TopicPartition partition, long offset) {
        context.offset(partition, offset);
        offsets.moved(partition, offset);
    }

    private long rewind(ChannelCursor cursor, TopicPartition partition) throws SQLException {
        long missing = cursor.sequence() + 1;
        Long rewound = rewoundFor.put(cursor.channel(), missing);
        if (rewound != null && rewound == missing) {
            gaps.store(cursor);
            if (!mayBeReplaced(cursor)) {
                throw hole(cursor, missing, partition);
            }
            waitFor(partition);
            return Origins.offset(cursor.firstHeld().record());
        }
        long target = rewindTarget(cursor, partition);
        log.warn(
                "{}: sequence {} is missing before {}; reading {} again from offset {}",
                cursor.describe(),
                missing,
                cursor.firstHeld().place(),
                partition,
                target);
        return target;
    }

    /**
     * Whether to wait before a hole, because a stream that brings everything may follow in the topics: where the
     * beginning of the stream is gone, and where such a stream replaces what was streamed before.
     */
    private boolean mayBeReplaced(ChannelCursor cursor) {
        Instant now = clock.instant();
        long missing = cursor.sequence() + 1;
        Hole hole = holes.get(cursor.channel());
        if (hole == null || hole.missing != missing) {
            hole = new Hole(missing, now);
            holes.put(cursor.channel(), hole);
            log.warn(
                    "{}: sequence {} is missing; waiting for {} s, as a stream that brings everything may follow",
                    cursor.describe(),
                    missing,
                    SUCCESSOR_WAIT.toSeconds());
        }
        return (replaced || cursor.sequence() == 0)
                && Duration.between(hole.since, now).compareTo(SUCCESSOR_WAIT) < 0;
    }

    /** After the last applied record, if it stood in this partition and before the held one; else the beginning. */
    private static long rewindTarget(ChannelCursor cursor, TopicPartition partition) {
        Hint hint = hint(cursor);
        boolean helps = hint != null
                && hint.topic().equals(partition.topic())
                && hint.partition() == partition.partition()
                && hint.nextOffset() <= Origins.offset(cursor.firstHeld().record());
        return helps ? hint.nextOffset() : 0;
    }

    private static Hint hint(ChannelCursor cursor) {
        if (cursor.last() == null) {
            return cursor.hint();
        }
        var last = cursor.last().record();
        return new Hint(Origins.topic(last), Origins.partition(last), Origins.offset(last) + 1);
    }

    private static ConnectException hole(ChannelCursor cursor, long missing, TopicPartition partition) {
        Change next = cursor.firstHeld();
        return new ConnectException(
                "In " + cursor.describe() + ", sequence " + missing + " is missing after position "
                        + cursor.applied().position() + ": " + partition + " goes on at offset "
                        + Origins.offset(next.record()) + " with sequence "
                        + next.header().sequence() + " at position " + next.position() + ", so "
                        + (next.header().sequence() - missing)
                        + " changes are lost between the source connector and here: retention or compaction deleted them before they were read, a transform filtered them out, or the topic was made anew. Everything before is applied, nothing after it is. If a transform filters, take it out and restart the task; else let the source connector begin anew with a snapshot (\"Beginning anew\" in docs/operations.md), and set resnapshot.mode=replace here, so that the snapshot takes the place of what is in the tables");
    }

    private void await(ChannelCursor cursor, TopicPartition partition) {
        Instant now = clock.instant();
        String stream = cursor.channel().stream();
        Instant since = waitingSince.get(stream);
        if (since == null) {
            waitingSince.put(stream, now);
            log.warn(
                    "Stream {} began without a snapshot, after what the pipeline is complete through (see ledger_connect.status); its changes wait until the pipeline has caught up with that point",
                    stream);
        } else if (Duration.between(since, now).compareTo(LONGEST_WAIT) > 0) {
            throw new ConnectException(
                    "Stream " + stream
                            + " began without a snapshot after what the pipeline is complete through (see ledger_connect.status), and in "
                            + LONGEST_WAIT.toMinutes()
                            + " minutes the pipeline has not caught up with that point: changes in between may be lost, so nothing of the stream is applied. Restart the connectors of the earlier stream until the pipeline is complete through this stream's start; if that stream is gone, let the source connector begin anew with a snapshot, and set resnapshot.mode=replace");
        }
        waitFor(partition);
    }

    private void waitFor(TopicPartition partition) {
        context.pause(partition);
        paused.add(partition);
        context.timeout(WAIT_STEP.toMillis());
    }

    /** Partitions came or went: what was tried before was tried for others. */
    public void forget(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
        rewoundFor.clear();
        holes.clear();
        waitingSince.clear();
    }
}
