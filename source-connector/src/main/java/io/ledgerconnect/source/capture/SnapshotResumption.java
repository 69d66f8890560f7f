package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.replication.Slot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides whether a snapshot that is interrupted can be gone on with. What changed meanwhile is left to its changes, so
 * they all have to come, from where the snapshot stands. Used by one thread only.
 */
final class SnapshotResumption {
    private final SourceConfig config;
    private final Connection connection;
    private final Optional<Publication> publication;

    SnapshotResumption(SourceConfig config, Connection connection, Optional<Publication> publication) {
        this.config = config;
        this.connection = connection;
        this.publication = publication;
    }

    /** Whether changes will tell of every row that is written or deleted after a snapshot. */
    boolean changesBringEveryRow() {
        return config.snapshotMode() != SnapshotMode.INITIAL_ONLY
                && Stream.of(Operation.CREATE, Operation.UPDATE, Operation.DELETE)
                        .noneMatch(config.skippedOperations()::contains)
                && publication.stream()
                        .noneMatch(found ->
                                Stream.of("insert", "update", "delete").anyMatch(found.unpublished()::contains));
    }

    /** Why an interrupted snapshot cannot be gone on with, in words; empty when it can. */
    Optional<String> obstacle(SourceOffset interrupted, CaptureStart.Beginning now) throws SQLException {
        Checkpoint checkpoint = interrupted.checkpoint();
        StreamIdentity identity = checkpoint.identity();
        if (!checkpoint.snapshot().isResumable()) {
            return Optional.of("it was read in a way in which its rows cannot be told again");
        }
        if (!identity.source().equals(now.server().source())
                || identity.timeline() != now.server().timeline()) {
            return Optional.of("the server is another one, or was restored or promoted");
        }
        if (!changesBringEveryRow()
                || !checkpoint.settings().equals(config.counting())
                || partitionsDiffer(checkpoint)) {
            return Optional.of("settings that decide which records there are have changed");
        }
        Set<Integer> known = checkpoint.publication().tables().keySet();
        PublicationVersion same = now.publication().of(known);
        if (!checkpoint.publication().equals(same)) {
            return Optional.of("publication " + config.publicationName() + " was altered");
        }
        return slotObstacle(identity);
    }

    private boolean partitionsDiffer(Checkpoint checkpoint) {
        return checkpoint.sequences().values().stream().anyMatch(this::isOfOtherPartitions)
                || checkpoint.snapshot().earlier().values().stream()
                        .map(Map::values)
                        .anyMatch(tables -> tables.stream().anyMatch(this::isOfOtherPartitions));
    }

    private boolean isOfOtherPartitions(long[] sequences) {
        return sequences.length != config.partitions();
    }

    private Optional<String> slotObstacle(StreamIdentity identity) throws SQLException {
        Optional<Slot> slot = Slot.find(connection, config.slotName());
        boolean has = identity.slot().equals(config.slotName())
                && slot.isPresent()
                && !slot.get().lost()
                && Long.compareUnsigned(slot.get().confirmedFlushLsn(), identity.startLsn()) <= 0;
        return has
                ? Optional.empty()
                : Optional.of("replication slot " + config.slotName() + " does not have all changes since "
                        + Lsn.format(identity.startLsn()));
    }

    /**
     * The one of two restart points that is further on; what began later was begun because the other could not go on.
     */
    static Optional<SourceOffset> further(Optional<SourceOffset> one, Optional<SourceOffset> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return Arrays.asList(one.get(), other.get()).stream().max(SnapshotResumption::compare);
    }

    private static int compare(SourceOffset one, SourceOffset other) {
        Checkpoint first = one.checkpoint();
        Checkpoint second = other.checkpoint();
        int begin = Long.compareUnsigned(
                first.identity().startLsn(), second.identity().startLsn());
        int whole = Boolean.compare(first.snapshotComplete(), second.snapshotComplete());
        int place = first.snapshot().place().compareTo(second.snapshot().place());
        return begin != 0 ? begin : whole != 0 ? whole : place;
    }
}
