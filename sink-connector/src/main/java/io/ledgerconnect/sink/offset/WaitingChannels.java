package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.enrich.DimensionWaits;
import io.ledgerconnect.sink.metrics.SinkMeters;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
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
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * Channels whose next change waits for a dimension. Their partitions are paused where that change stands, so that
 * nothing is fetched or kept meanwhile, and are read on once it may be applied. Not thread-safe.
 */
final class WaitingChannels {
    /** Shorter than watermarks are apart, with which dimensions go on. */
    private static final Duration STEP = Duration.ofMillis(200);

    /** @param next the first change that waits; one is kept per channel */
    private record Waiting(Change next, TopicPartition partition, Instant since) {}

    private final SinkTaskContext context;
    private final DimensionWaits waits;
    private final SinkMeters meters;
    private final Clock clock;
    private final Map<Channel, Waiting> channels = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private Instant looked = Instant.EPOCH;

    WaitingChannels(SinkTaskContext context, DimensionWaits waits, SinkMeters meters, Clock clock) {
        this.context = context;
        this.waits = waits;
        this.meters = meters;
        this.clock = clock;
    }

    /** The channel's first change that must be read again waits. */
    void hold(ChannelCursor cursor, TopicPartition partition) {
        Change next = cursor.firstHeld();
        Waiting waiting = channels.get(cursor.channel());
        if (waiting == null || !waiting.next.position().equals(next.position())) {
            channels.put(cursor.channel(), new Waiting(next, partition, clock.instant()));
            meters.waitBegins();
        }
        context.pause(partition);
        paused.add(partition);
    }

    /** The channel was read, and nothing of it had to wait. */
    void passed(Channel channel) {
        channels.remove(channel);
    }

    /** Whether nothing of the channel is read, as its next change waits. */
    boolean contains(Channel channel) {
        Waiting waiting = channels.get(channel);
        return waiting != null && paused.contains(waiting.partition);
    }

    /** Ends a put: looks whether something may be read on. */
    void end() throws SQLException {
        if (!paused.isEmpty()) {
            Instant now = clock.instant();
            if (Duration.between(looked, now).compareTo(STEP) >= 0) {
                looked = now;
                readOn();
            }
            context.timeout(STEP.toMillis()); // an idle worker would come back after offset.flush.interval.ms
        }
        meters.waitsSince(channels.values().stream().map(Waiting::since).min(Instant::compareTo));
    }

    private void readOn() throws SQLException {
        Collection<Change> waiting = channels.values().stream()
                .filter(channel -> paused.contains(channel.partition))
                .map(Waiting::next)
                .toList();
        for (Change change : waits.ready(waiting)) {
            TopicPartition partition = partition(change);
            if (paused.remove(partition)) {
                context.resume(partition);
            }
        }
    }

    static TopicPartition partition(Change change) {
        return new TopicPartition(Origins.topic(change.record()), Origins.partition(change.record()));
    }

    /** Partitions came or went. The worker may keep one paused that comes back. */
    void forget(Collection<TopicPartition> partitions) {
        channels.values().removeIf(waiting -> partitions.contains(waiting.partition));
        for (TopicPartition partition : partitions) {
            if (paused.remove(partition) && context.assignment().contains(partition)) {
                context.resume(partition);
            }
        }
        waits.forget();
    }
}
