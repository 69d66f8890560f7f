package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
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
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices records that do not come: watermarks say that a channel goes on, and its partition brings nothing. That is so
 * where the consumer begins after records that were not read, and where the last records of a partition were deleted. A
 * hole shows by the record after it, and here none follows.
 *
 * <p>Has the worker read again from the last place it knows, once; if still nothing comes, says so in
 * {@code ledger_connect.status}. It does not stop the task: the partition may be out of reach for the moment, and with
 * two clusters the stream may be the other one's. The next record that comes shows whether there is a hole.
 */
final class SilentChannels {
    private static final Logger log = LoggerFactory.getLogger(SilentChannels.class);

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** Longer than it takes until a consumer has found a leader again. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final SinkTaskContext context;
    private final LaggingChannels lagging;
    private final GapStore gaps;
    private final KafkaOffsets offsets;
    private final Rereading rereading;
    private final Clock clock;
    private final Map<Channel, Silence> silences = new HashMap<>();
    private Instant watched;

    SilentChannels(
            SinkTaskContext context,
            LaggingChannels lagging,
            GapStore gaps,
            KafkaOffsets offsets,
            Rereading rereading,
            Clock clock) {
        this.context = context;
        this.lagging = lagging;
        this.gaps = gaps;
        this.offsets = offsets;
        this.rereading = rereading;
        this.clock = clock;
        this.watched = clock.instant();
    }

    /** Since when a channel has stood where it stands; what was done about it. */
    private record Silence(long sequence, Long offset, String watermark, Instant since, Step step) {}

    private enum Step {
        NONE,
        READ_AGAIN,
        TOLD
    }

    /** Looks, every few seconds. */
    void watch() throws SQLException {
        Instant now = clock.instant();
        if (Duration.between(watched, now).compareTo(INTERVAL) < 0) {
            return;
        }
        watched = now;
        Set<Channel> still = new HashSet<>();
        for (Lagging channel : lagging.read()) {
            Optional<TopicPartition> partition = assigned(channel);
            if (partition.isPresent()) {
                still.add(channel.channel());
                watch(channel, partition.get(), now);
            }
        }
        silences.keySet().retainAll(still);
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

    private void watch(Lagging channel, TopicPartition partition, Instant now) throws SQLException {
        Silence silence = silences.get(channel.channel());
        Long offset = offsets.next(partition);
        if (silence == null || silence.sequence != channel.sequence() || !Objects.equals(silence.offset, offset)) {
            silences.put(
                    channel.channel(), new Silence(channel.sequence(), offset, channel.watermark(), now, Step.NONE));
            return;
        }
        boolean overdue = Duration.between(silence.since, now).compareTo(PATIENCE) >= 0;
        // While no watermark comes either, Kafka or the source is away.
        if (overdue && silence.step != Step.TOLD && !silence.watermark.equals(channel.watermark())) {
            silences.put(channel.channel(), act(silence, channel, partition, now));
        }
    }

    private Silence act(Silence silence, Lagging channel, TopicPartition partition, Instant now) throws SQLException {
        String what = "Table " + channel.channel().table() + ", partition "
                + channel.channel().partition() + " of stream " + channel.channel().stream()
                + ": the source has sent changes through sequence " + channel.end() + ", applied is "
                + channel.sequence();
        if (silence.step == Step.NONE) {
            log.warn(
                    "{}, and {} brings nothing; reading it again from offset {}",
                    what,
                    partition,
                    channel.nextOffset());
            rereading.seek(partition, channel.nextOffset());
            return new Silence(channel.sequence(), channel.nextOffset(), channel.watermark(), now, Step.READ_AGAIN);
        }
        log.warn(
                "{}, and {} brings nothing from offset {} on: either the partition is out of reach, or the records were"
                        + " deleted before they were read. ledger_connect.status shows the gap, and what the pipeline is"
                        + " complete through stays where it is; the next record of the partition stops the task if"
                        + " changes are lost",
                what,
                partition,
                channel.nextOffset());
        gaps.store(channel, partition);
        return new Silence(channel.sequence(), silence.offset, channel.watermark(), now, Step.TOLD);
    }

    void forget() {
        silences.clear();
    }
}
