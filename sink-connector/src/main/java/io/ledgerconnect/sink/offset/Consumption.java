package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.enrich.DimensionWaits;
import io.ledgerconnect.sink.metrics.SinkMeters;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Batch;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.state.GapStore;
import io.ledgerconnect.sink.state.HintStore;
import io.ledgerconnect.sink.state.LaggingChannels;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** What has been read from Kafka and applied, and what is to be read next. Not thread-safe. */
public final class Consumption {
    /** A put goes through what waited once more for each dimension of a chain; longer chains take several puts. */
    private static final int MOST_PASSES = 5;

    private final KafkaOffsets offsets = new KafkaOffsets();
    private final DimensionWaits waits;
    private final WaitingChannels waiting;
    private final Rereading rereading;
    private final FastForward fastForward;
    private final SilentChannels silent;
    /** The first hole or wait of each channel in this put. */
    private final Map<Channel, ChannelCursor> held = new LinkedHashMap<>();

    private Progress last;
    private int passes;

    public Consumption(
            SinkTaskContext context,
            Database database,
            SinkConfig config,
            Clock clock,
            DimensionWaits waits,
            SinkMeters meters) {
        this.waits = waits;
        GapStore gaps = new GapStore(database, config.pipeline());
        LaggingChannels lagging = new LaggingChannels(database, config.pipeline());
        waiting = new WaitingChannels(context, waits, meters, clock);
        rereading = new Rereading(context, offsets, waiting, gaps, clock, config.replacesOnResnapshot());
        fastForward = new FastForward(database, new HintStore(config.pipeline()), rereading);
        silent = new SilentChannels(context, lagging, gaps, offsets, rereading, waiting, clock);
    }

    /** Begins a put. */
    public void begin() {
        offsets.begin();
        rereading.begin();
        silent.begin();
        held.clear();
        last = null;
        passes = 0;
    }

    /** A batch was committed. */
    public void applied(Batch batch, Progress progress) {
        Set<Change> firstHeld = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ChannelCursor cursor : progress.held()) {
            firstHeld.add(cursor.firstHeld());
            held.putIfAbsent(cursor.channel(), cursor);
        }
        for (ChannelCursor cursor : progress.all()) {
            if (!cursor.waitsForDimension()) {
                waiting.passed(cursor.channel());
            }
        }
        for (Change change : batch.changes()) {
            if (!firstHeld.isEmpty() && firstHeld.contains(change)) {
                offsets.held(change.record());
            } else {
                offsets.applied(change.record());
            }
        }
        silent.saw(batch.streams());
        batch.watermarks().forEach(watermark -> offsets.applied(watermark.record()));
        batch.passedBy().forEach(offsets::applied);
        last = progress;
    }

    /** Channels of which something must be read again that this put has brought. */
    public Collection<ChannelCursor> held() {
        return held.values();
    }

    /**
     * Of the records of this put, those that had to wait for a dimension and need not any longer, with what follows
     * them in their partitions: the put itself may have brought what they waited for.
     */
    public List<SinkRecord> released(Collection<SinkRecord> records) throws SQLException {
        List<Change> waited = held.values().stream()
                .filter(ChannelCursor::waitsForDimension)
                .map(ChannelCursor::firstHeld)
                .toList();
        if (waited.isEmpty() || ++passes == MOST_PASSES) {
            return List.of();
        }
        Set<TopicPartition> ready =
                waits.ready(waited).stream().map(WaitingChannels::partition).collect(Collectors.toSet());
        Map<TopicPartition, Long> from = new HashMap<>();
        held.values().removeIf(cursor -> {
            Change first = cursor.firstHeld();
            TopicPartition partition = WaitingChannels.partition(first);
            if (ready.contains(partition)) {
                from.merge(partition, Origins.offset(first.record()), Math::min);
            }
            return ready.contains(partition);
        });
        ready.forEach(offsets::unblock);
        return records.stream().filter(record -> isFrom(from, record)).toList();
    }

    private static boolean isFrom(Map<TopicPartition, Long> from, SinkRecord record) {
        Long offset =
                from.isEmpty() ? null : from.get(new TopicPartition(Origins.topic(record), Origins.partition(record)));
        return offset != null && Origins.offset(record) >= offset;
    }

    /** Ends a put: arranges what is to be read again, or not at all. */
    public void end() throws SQLException {
        rereading.arrange(held.values());
        boolean goesOn = held.values().stream().allMatch(ChannelCursor::waitsForDimension);
        if (held.isEmpty() && last != null) {
            fastForward.skipRepeats(last);
        }
        if (goesOn) {
            silent.watch();
        }
        waiting.end();
        silent.end();
    }

    public Map<TopicPartition, OffsetAndMetadata> committable(Set<TopicPartition> partitions) {
        return offsets.committable(partitions);
    }

    /** Partitions were assigned or revoked. */
    public void forget(Collection<TopicPartition> partitions) {
        offsets.forget(partitions);
        rereading.forget(partitions);
        fastForward.forget();
        silent.forget();
        waiting.forget(partitions);
    }
}
