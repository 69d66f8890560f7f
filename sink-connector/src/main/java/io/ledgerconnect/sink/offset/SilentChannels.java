package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.read.StreamSighting;
import io.ledgerconnect.sink.state.GapStore;
import io.ledgerconnect.sink.state.LaggingChannels;
import io.ledgerconnect.sink.state.LaggingChannels.Lagging;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices records that do not come: watermarks say that a channel goes on, and its partition brings nothing. That is so
 * where the consumer begins after records that were not read, and where the last records of a partition were deleted. A
 * hole shows by the record after it, and here none follows.
 *
 * <p>Has the worker read again from the last place it knows, once; if still nothing comes, says so in
 * {@code ledger_connect.status}, and after another while stops the task. Only the time counts in which the consumer
 * waited for records: while it brings some, those of a partition may still lie behind others. A task that has read
 * nothing else of the stream does not stop, as the stream may be in another cluster.
 */
final class SilentChannels {
    private static final Logger log = LoggerFactory.getLogger(SilentChannels.class);

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** Longer than it takes until a consumer has found a leader again. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Longer than a partition is without a leader after its broker died. */
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(40);

    private final SinkTaskContext context;
    private final LaggingChannels lagging;
    private final GapStore gaps;
    private final KafkaOffsets offsets;
    private final Rereading rereading;
    private final WaitingChannels waiting;
    private final Clock clock;
    private final Map<Channel, Silence> silences = new HashMap<>();
    /** Streams of which this task has read something. */
    private final Set<String> seen = new HashSet<>();

    private Instant watched;
    /** Since when the consumer waits; null while a put is under way, or after one that failed. */
    private Instant waitingSince;

    private Duration waited = Duration.ZERO;

    SilentChannels(
            SinkTaskContext context,
            LaggingChannels lagging,
            GapStore gaps,
            KafkaOffsets offsets,
            Rereading rereading,
            WaitingChannels waiting,
            Clock clock) {
        this.context = context;
        this.lagging = lagging;
        this.gaps = gaps;
        this.offsets = offsets;
        this.rereading = rereading;
        this.waiting = waiting;
        this.clock = clock;
        this.watched = clock.instant();
    }

    /**
     * Since when a channel has stood where it stands; what was done about it.
     *
     * @param since what the consumer had waited in all by then
     */
    private record Silence(long sequence, Long offset, String watermark, Duration since, Step step) {}

    private enum Step {
        NONE,
        READ_AGAIN,
        TOLD
    }

    /** Begins a put. */
    void begin() {
        if (waitingSince != null) {
            waited = waited.plus(Duration.between(waitingSince, clock.instant()));
            waitingSince = null;
        }
    }

    /** A batch has records of these streams. */
    void saw(Set<StreamSighting> streams) {
        streams.forEach(stream -> seen.add(stream.source() + ' ' + stream.stream()));
    }

    /** Ends a put. */
    void end() {
        waitingSince = clock.instant();
    }

    /**
     * Looks, every few seconds.
     *
     * @throws ConnectException when records are missing at the end of a partition
     */
    void watch() throws SQLException {
        Instant now = clock.instant();
        if (Duration.between(watched, now).compareTo(INTERVAL) < 0) {
            return;
        }
        watched = now;
        Set<Channel> still = new HashSet<>();
        for (Lagging channel : lagging.read()) {
            Optional<TopicPartition> partition = assigned(channel);
            if (partition.isPresent() && !waiting.contains(channel.channel())) {
                still.add(channel.channel());
                watch(channel, partition.get());
            }
        }
        silences.keySet().retainAll(still);
        if (!silences.isEmpty()) {
            context.timeout(INTERVAL.toMillis()); // an idle worker would come back after offset.flush.interval.ms
        }
    }

    private Optional<TopicPartition> assigned(Lagging channel) {
        Set<TopicPartition> assignment = context.assignment();
        if (channel.hint() != null) {
            return Optional.of(channel.hint()).filter(assignment::contains);
        }
        // Never read, so where it is nobody knows but by the name that the source gives to topics.
        return assignment.stream()
                .filter(partition -> partition.partition() == channel.channel().partition()
                        && partition.topic().endsWith('.' + channel.channel().table()))
                .findFirst();
    }

    private void watch(Lagging channel, TopicPartition partition) throws SQLException {
        Silence silence = silences.get(channel.channel());
        Long offset = offsets.next(partition);
        if (silence == null || silence.sequence != channel.sequence() || !Objects.equals(silence.offset, offset)) {
            silences.put(channel.channel(), silence(channel, offset, Step.NONE));
            return;
        }
        // While no watermark comes either, Kafka or the source is away.
        if (silence.watermark.equals(channel.watermark())) {
            return;
        }
        Duration length = waited.minus(silence.since);
        if (silence.step == Step.TOLD) {
            if (length.compareTo(LAST_PATIENCE) >= 0 && isHere(channel)) {
                throw missing(channel, partition);
            }
        } else if (length.compareTo(PATIENCE) >= 0) {
            silences.put(channel.channel(), act(silence, channel, partition));
        }
    }

    private Silence silence(Lagging channel, Long offset, Step step) {
        return new Silence(channel.sequence(), offset, channel.watermark(), waited, step);
    }

    private Silence act(Silence silence, Lagging channel, TopicPartition partition) throws SQLException {
        if (silence.step == Step.NONE) {
            log.warn(
                    "{}, and {} brings nothing; reading it again from offset {}",
                    describe(channel),
                    partition,
                    channel.nextOffset());
            rereading.seek(partition, channel.nextOffset());
            return silence(channel, channel.nextOffset(), Step.READ_AGAIN);
        }
        log.warn(
                "{}, and {} brings nothing from offset {} on, though it was read again; ledger_connect.status shows the"
                        + " gap",
                describe(channel),
                partition,
                channel.nextOffset());
        gaps.store(channel, partition);
        return silence(channel, silence.offset, Step.TOLD);
    }

    private static String describe(Lagging channel) {
        return "Table " + channel.channel().table() + ", partition "
                + channel.channel().partition() + " of stream " + channel.channel().stream()
                + ": the source has sent changes through sequence " + channel.end() + ", applied is "
                + channel.sequence();
    }

    private boolean isHere(Lagging channel) {
        return channel.onlyStream() || seen.contains(channel.channel().source() + " " + channel.channel().stream());
    }

    private static ConnectException missing(Lagging channel, TopicPartition partition) {
        Channel where = channel.channel();
        return new ConnectException("In " + where.table() + " (partition " + where.partition() + ", stream "
                + where.stream() + "), sequence " + (channel.sequence() + 1) + " is missing after position "
                + channel.position() + ": the source connector has sent changes through sequence " + channel.end()
                + ", and " + partition + " brings nothing from offset " + channel.nextOffset() + " on, though it was"
                + " read again. Either its last records were deleted before they were read (retention, compaction,"
                + " DeleteRecords, or the topic was made anew), or the partition has no leader. Everything before is"
                + " applied. If the partition is out of reach, restart the task when it is back; if the records are lost,"
                + " let the source connector begin anew with a snapshot (see 'Beginning anew' in the documentation of"
                + " operations), and set resnapshot.mode=replace here, so that the snapshot takes the place of what is"
                + " in the tables");
    }

    void forget() {
        silences.clear();
    }
}
