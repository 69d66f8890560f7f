package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.position.Channel;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How far the channels of a batch have been applied, locked for the length of a transaction. */
public final class Progress {
    private final Map<Channel, ChannelCursor> cursors;
    private final Map<Channel, String> targets;
    private int skipped;
    private int heldBack;

    /** @param targets the reporting table that each channel has been written to, quoted; null where there is none */
    public Progress(Map<Channel, ChannelCursor> cursors, Map<Channel, String> targets) {
        this.cursors = cursors;
        this.targets = targets;
    }

    /** How far a channel of the batch is. */
    public ChannelCursor of(Channel channel) {
        return cursors.get(channel);
    }

    /** The reporting table that a channel has been written to, quoted; null when it was not written yet. */
    public String target(Channel channel) {
        return targets.get(channel);
    }

    public Collection<ChannelCursor> all() {
        return cursors.values();
    }

    /** Has the changes wait of channels that a batch before has held because they wait. */
    public void waitToo(Collection<ChannelCursor> held) {
        for (ChannelCursor before : held) {
            ChannelCursor cursor = cursors.get(before.channel());
            if (cursor != null && before.waitsForDimension()) {
                cursor.waitToo();
            }
        }
    }

    void skip() {
        skipped++;
    }

    /** How many changes of the batch were recognised as applied. */
    public int skipped() {
        return skipped;
    }

    void hold() {
        heldBack++;
    }

    /** How many changes of the batch must be read again. */
    public int heldBack() {
        return heldBack;
    }

    /** Channels of which something was applied in this transaction. */
    public List<ChannelCursor> moved() {
        return cursors.values().stream().filter(cursor -> cursor.last() != null).toList();
    }

    /** Channels of which something must be read again. */
    public List<ChannelCursor> held() {
        return cursors.values().stream()
                .filter(cursor -> cursor.firstHeld() != null)
                .toList();
    }
}
