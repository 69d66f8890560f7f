package io.ledgerconnect.source.record;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.StreamIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The sequences of a stream, without I/O. Restored from a checkpoint, it counts on from there. Used by one thread only.
 */
public final class StreamState {
    private final int partitions;
    private final Map<String, TableState> tables = new TreeMap<>();
    private StreamIdentity identity;
    private Checkpoint checkpoint;

    /** Goes on from a checkpoint. */
    public StreamState(Checkpoint checkpoint, int partitions) {
        this.identity = checkpoint.identity();
        this.checkpoint = checkpoint;
        this.partitions = partitions;
        checkpoint
                .sequences()
                .forEach((table, sequences) -> tables.put(table, new TableState(table, restored(table, sequences))));
    }

    private long[] restored(String table, long[] sequences) {
        if (sequences.length != partitions) {
            throw new ConnectException("The stored offset knows " + sequences.length + " partitions of table " + table
                    + ", topic.creation.default.partitions says " + partitions
                    + ". Keys would move between partitions and"
                    + " their order would be lost: set topic.creation.default.partitions=" + sequences.length
                    + ", or begin a new capture with another topic.prefix and slot.name");
        }
        return sequences.clone();
    }

    StreamIdentity identity() {
        return identity;
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    TableState table(String name) {
        return tables.computeIfAbsent(name, table -> new TableState(table, new long[partitions]));
    }

    /** Ends the window: everything committed before {@code lsn} has been counted. Call between transactions only. */
    Watermark watermark(long lsn, long committedAtMicros, UnaryOperator<String> topics) {
        Watermark watermark = new Watermark(
                identity.source().toString(),
                identity.stream(),
                identity.startLsn(),
                identity.snapshot(),
                checkpoint.lsn(),
                lsn,
                committedAtMicros,
                channels(topics),
                windows());
        tables.values().forEach(TableState::beginWindow);
        checkpoint = new Checkpoint(identity, true, lsn, copyOfSequences());
        return watermark;
    }

    private Map<String, long[]> copyOfSequences() {
        Map<String, long[]> copy = new TreeMap<>();
        tables.forEach((name, state) -> copy.put(name, state.copyOfSequences()));
        return copy;
    }

    private List<Watermark.ChannelEnd> channels(UnaryOperator<String> topics) {
        List<Watermark.ChannelEnd> ends = new ArrayList<>();
        for (TableState state : tables.values()) {
            for (int partition = 0; partition < state.partitions(); partition++) {
                if (state.sequence(partition) > 0) {
                    ends.add(new Watermark.ChannelEnd(
                            state.table, topics.apply(state.table), partition, state.sequence(partition)));
                }
            }
        }
        return ends;
    }

    private List<Watermark.TableWindow> windows() {
        List<Watermark.TableWindow> windows = new ArrayList<>();
        for (TableState state : tables.values()) {
            if (state.count() > 0) {
                windows.add(new Watermark.TableWindow(
                        state.table, state.fingerprint(), state.count(), Long.toHexString(state.digest())));
            }
        }
        return windows;
    }

    @Override
    public String toString() {
        return identity.stream() + " through " + Lsn.format(checkpoint.lsn());
    }
}
