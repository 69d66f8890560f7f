package io.ledgerconnect.source.record;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.SnapshotRequests;
import io.ledgerconnect.source.offset.SnapshotState;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The sequences of a stream, without I/O. Restored from a checkpoint, it counts on from there. Used by one thread only.
 */
public final class StreamState {
    private final int partitions;
    private final Map<String, String> settings;
    private final Map<String, TableState> tables = new TreeMap<>();
    /** Replaced, never changed: offsets share it. */
    private Map<String, TableKey> keys;

    private StreamIdentity identity;
    private Checkpoint checkpoint;
    private PublicationVersion publication;
    private SnapshotRequests requests;

    /** Goes on from a checkpoint, with settings that may differ from the checkpoint's. */
    public StreamState(Checkpoint checkpoint, int partitions, Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
        this.keys = checkpoint.keys();
        this.identity = checkpoint.identity();
        this.checkpoint = checkpoint;
        this.publication = checkpoint.publication();
        this.requests = checkpoint.snapshot().requests();
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

    /** Partitions are announced beside their root but never change under their own name: no state for those. */
    TableState table(TableMapping mapping) {
        TableState table = table(mapping.table);
        if (table.mapping() != mapping) {
            requireKey(mapping);
            setMapping(table, mapping);
        }
        return table;
    }

    private static void requireKey(TableMapping mapping) {
        if (!mapping.mayBeSent()) {
            throw new ConnectException(
                    "Table " + mapping.table + " has no key in this stream, so its rows cannot be told apart, and"
                            + " tables.without.key does not name it. Nothing of it is sent from here on. Give it a primary key"
                            + " before its first row, name key columns in message.key.columns, leave it out, or choose to"
                            + " capture it without a key: tables.without.key="
                            + mapping.table.replace(".", "\\."));
        }
    }

    /** Of the tables that the stream has something of. */
    Map<String, TableKey> keys() {
        return keys;
    }

    /** What everything so far was read through. */
    PublicationVersion publication() {
        return publication;
    }

    void setPublication(PublicationVersion version) {
        publication = version;
    }

    /** Notes which snapshots are asked for. */
    void setRequests(SnapshotRequests now) {
        requests = now;
    }

    /** The key of a table; null when the stream has nothing of it yet. */
    TableKey key(String table) {
        return keys.get(table);
    }

    /** The name under which the stream knows a table, if it does. */
    Optional<String> nameOf(int oid) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().oid() == oid)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Notes how the rows of a table that the stream has a change of are mapped from now on. */
    private void setMapping(TableState table, TableMapping mapping) {
        table.setMapping(mapping);
        Map<String, TableKey> changed = new HashMap<>(keys);
        changed.put(table.table, mapping.key);
        keys = Map.copyOf(changed);
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
        checkpoint = new Checkpoint(
                identity,
                true,
                lsn,
                copyOfSequences(),
                keys,
                settings,
                publicationOfKeys(),
                checkpoint.snapshot().completed().with(requests));
        return watermark;
    }

    /** The snapshot has come as far as {@code state} says: if it is interrupted, it can be gone on with from here. */
    void snapshotReached(SnapshotState state) {
        checkpoint = new Checkpoint(
                identity, false, checkpoint.lsn(), copyOfSequences(), keys, settings, publication, state);
    }

    private PublicationVersion publicationOfKeys() {
        return publication.of(keys.values().stream().map(TableKey::oid).collect(Collectors.toSet()));
    }

    private Map<String, long[]> copyOfSequences() {
        Map<String, long[]> copy = new TreeMap<>();
        tables.forEach((name, state) -> copy.put(name, state.copyOfSequences()));
        return copy;
    }

    private List<Watermark.ChannelEnd> channels(UnaryOperator<String> topics) {
        List<Watermark.ChannelEnd> ends = new ArrayList<>();
        checkpoint
                .snapshot()
                .earlier()
                .forEach((stream, sequences) -> sequences.forEach(
                        (table, ofTable) -> addEnds(ends, stream, table, topics.apply(table), ofTable)));
        tables.forEach((table, state) ->
                addEnds(ends, identity.stream(), table, topics.apply(table), state.copyOfSequences()));
        return ends;
    }

    private static void addEnds(
            List<Watermark.ChannelEnd> ends, String stream, String table, String topic, long[] sequences) {
        for (int partition = 0; partition < sequences.length; partition++) {
            if (sequences[partition] > 0) {
                ends.add(new Watermark.ChannelEnd(stream, table, topic, partition, sequences[partition]));
            }
        }
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
