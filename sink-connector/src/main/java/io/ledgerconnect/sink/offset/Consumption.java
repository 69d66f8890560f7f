package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Batch;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.state.GapStore;
import io.ledgerconnect.sink.state.HintStore;
import io.ledgerconnect.sink.state.LaggingChannels;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** What has been read from Kafka and applied, and what is to be read next. Not thread-safe. */
public final class Consumption {
    private final KafkaOffsets offsets = new KafkaOffsets();
    private final Rereading rereading;
    private final FastForward fastForward;
    private final SilentChannels silent;
    /** The first hole or wait of each channel in this put. */
    private final Map<Channel, ChannelCursor> held = new LinkedHashMap<>();

    /** Channels whose next change waits for what it is enriched by. */
    private final Set<Channel> waiting = new HashSet<>();

    private Progress last;

    public Consumption(
            SinkTaskContext context, Database database, String pipeline, Clock clock, boolean replacesOnResnapshot) {
        GapStore gaps = new GapStore(database, pipeline);
        rereading = new Rereading(context, offsets, gaps, clock, replacesOnResnapshot);
        fastForward = new FastForward(database, new HintStore(pipeline), rereading);
        silent = new SilentChannels(context, new LaggingChannels(database, pipeline), gaps, offsets, rereading, clock);
    }

    /** Begins a put. */
    public void begin() {
        offsets.begin();
        rereading.begin();
        silent.begin();
        held.clear();
        last = null;
    }

    /** A batch was committed. */
    public void applied(Batch batch, Progress progress) {
        Set<Change> firstHeld = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ChannelCursor cursor : progress.held()) {
            firstHeld.add(cursor.firstHeld());
            held.putIfAbsent(cursor.channel(), cursor);
        }
        for (ChannelCursor cursor : progress.all()) {
            if (cursor.waitsForDimension()) {
                waiting.add(cursor.channel());
            } else {
                waiting.remove(cursor.channel());
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

    /** Ends a put: arranges what is to be read again, or not at all. */
    public void end() throws SQLException {
        rereading.arrange(held.values());
        boolean goesOn = held.values().stream().allMatch(ChannelCursor::waitsForDimension);
        if (held.isEmpty() && last != null) {
            fastForward.skipRepeats(last);
        }
        if (goesOn) {
            silent.watch(waiting);
        }
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
        waiting.clear();
    }
}
