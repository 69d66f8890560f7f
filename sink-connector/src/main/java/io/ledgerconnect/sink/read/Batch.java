package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.position.Channel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;

/** What goes into one transaction: changes and watermarks, each in the order in which they came. */
public final class Batch {
    private final List<Change> changes = new ArrayList<>();
    private final List<SeenWatermark> watermarks = new ArrayList<>();
    private final List<SinkRecord> passedBy = new ArrayList<>();
    /** Whether the batch has rows of the channel of a stream's first snapshot. */
    private final Map<Channel, Boolean> channels = new LinkedHashMap<>();

    private Channel lastChannel;
    private boolean lastSnapshot;

    void add(Change change) {
        changes.add(change);
        boolean snapshot = change.isOfFirstSnapshot();
        // Records of a channel come in runs, and the header reader hands out one object per channel.
        if (!change.channel().equals(lastChannel) || snapshot != lastSnapshot) {
            lastChannel = change.channel();
            lastSnapshot = snapshot;
            channels.merge(lastChannel, snapshot, Boolean::logicalOr);
        }
    }

    void add(SeenWatermark watermark) {
        watermarks.add(watermark);
    }

    void passBy(SinkRecord record) {
        passedBy.add(record);
    }

    public List<Change> changes() {
        return changes;
    }

    public List<SeenWatermark> watermarks() {
        return watermarks;
    }

    /** Records that tell the sink nothing. */
    public List<SinkRecord> passedBy() {
        return passedBy;
    }

    public Set<Channel> channels() {
        return channels.keySet();
    }

    public Set<StreamSighting> streams() {
        Set<StreamSighting> streams = new LinkedHashSet<>();
        watermarks.forEach(seen -> streams.add(StreamSighting.of(seen.watermark())));
        channels.forEach((channel, snapshot) -> streams.add(StreamSighting.of(channel, snapshot)));
        return streams;
    }
}
