package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.Place;
import io.ledgerconnect.source.offset.SnapshotState;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.record.SnapshotRecords;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.snapshot.LeftOut;
import io.ledgerconnect.source.snapshot.Snapshot;
import io.ledgerconnect.source.snapshot.SnapshotBrokenException;
import io.ledgerconnect.source.snapshot.SnapshotTable;
import io.ledgerconnect.source.snapshot.SnapshotView;
import io.ledgerconnect.source.snapshot.Visible;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the first snapshot of a stream: all rows as of one WAL address. It is read in stretches, so that no transaction
 * is held open for long, and one that was interrupted is gone on with. A later stretch sees a later state of the
 * database: the rows that were written since the snapshot's are left out of it, since the stream has them.
 *
 * <p>Used by one thread only.
 */
final class SnapshotSession {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSession.class);

    /** A column, a table or a schema is not there any more. */
    private static final Set<String> ALTERED = Set.of("42703", "42P01", "3F000");

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final SessionLedger ledger;
    private final Outlet outlet;
    private final CaptureWatch watch;
    private final Function<SourceOffset, TransactionReader> readers;

    /** @param readers makes the reader of a stream from its beginning */
    SnapshotSession(
            SourceConfig config,
            LedgerDatabase database,
            SessionLedger ledger,
            Outlet outlet,
            CaptureWatch watch,
            Function<SourceOffset, TransactionReader> readers) {
        this.config = config;
        this.database = database;
        this.ledger = ledger;
        this.outlet = outlet;
        this.watch = watch;
        this.readers = readers;
    }

    /**
     * Reads all rows, or those that an interrupted attempt has not sent, and hands over the reader that goes on with
     * the changes.
     */
    TransactionReader read(Optional<SourceOffset> interrupted) throws SQLException, InterruptedException {
        try (Connection replication = database.connectForReplication()) {
            CaptureStart.Beginning beginning = ledger.prepare(replication);
            if (interrupted.isPresent()) {
                Optional<TransactionReader> gone = goOn(interrupted.get(), beginning);
                if (gone.isPresent()) {
                    return gone.get();
                }
            }
            return begin(beginning, replication);
        }
    }

    private TransactionReader begin(CaptureStart.Beginning beginning, Connection exporter)
            throws SQLException, InterruptedException {
        long atMicros = ledger.time().micros(); // before the snapshot: it may have a little more, never less
        Slot.ExportedSnapshot exported = ledger.export(exporter);
        StreamIdentity identity = ledger.atSnapshot(beginning, exported);
        try (SnapshotView view = SnapshotView.imported(database, exported.name(), config.snapshotThreads())) {
            exporter.close();
            List<SnapshotTable> tables = ledger.snapshotTables(identity, Map.of(), view.connection());
            Snapshot snapshot = new Snapshot(tables, Place.BEGIN, watch.progress()::snapshot);
            boolean resumable = snapshot.hasPlaces() && ledger.resumption().changesBringEveryRow();
            SnapshotState state = resumable
                    ? SnapshotState.begin(view.visible(), snapshot.fingerprint(), atMicros)
                    : SnapshotState.NONE;
            Checkpoint checkpoint = Checkpoint.begin(
                            identity, false, identity.startLsn(), config.counting(), beginning.publication())
                    .with(state);
            try (ChangesSince changes = ledger.changesSince(checkpoint, identity.startLsn())) {
                return readAll(checkpoint, atMicros, snapshot, view, changes);
            }
        }
    }

    /** Empty when it cannot be gone on with. */
    private Optional<TransactionReader> goOn(SourceOffset interrupted, CaptureStart.Beginning now)
            throws SQLException, InterruptedException {
        Optional<String> obstacle = ledger.resumption().obstacle(interrupted, now);
        if (obstacle.isPresent()) {
            return begunAnew(interrupted, obstacle.get());
        }
        Checkpoint checkpoint = interrupted.checkpoint().nextAttempt(attemptMicros(interrupted));
        if (checkpoint.snapshot().place().equals(Place.END)) {
            return Optional.of(afterTheLastRow(interrupted, checkpoint));
        }
        try (ChangesSince changes =
                ledger.changesSince(checkpoint, checkpoint.identity().startLsn())) {
            return goOn(interrupted, checkpoint, changes);
        }
    }

    private Optional<TransactionReader> goOn(SourceOffset interrupted, Checkpoint checkpoint, ChangesSince changes)
            throws SQLException, InterruptedException {
        // What is long to read is read before a transaction is opened.
        changes.readThrough(ledger.time().walLsn(), outlet::isStopped);
        if (changes.keys().isOverflowed()) {
            return begunAnew(interrupted, "more rows were changed since than the worker's heap has room for");
        }
        try (SnapshotView view = SnapshotView.now(database, config.snapshotThreads())) {
            List<SnapshotTable> tables =
                    ledger.snapshotTables(checkpoint.identity(), checkpoint.keys(), view.connection());
            Snapshot snapshot = new Snapshot(tables, checkpoint.snapshot().place(), watch.progress()::snapshot);
            if (!snapshot.hasPlaces()
                    || !snapshot.fingerprint().equals(checkpoint.snapshot().files())) {
                return begunAnew(
                        interrupted,
                        "tables or partitions came, went, were truncated or written anew (TRUNCATE, ALTER TABLE, VACUUM FULL,"
                                + " CLUSTER)");
            }
            if (checkpoint.snapshot().place().compareTo(snapshot.firstWithKey()) < 0) {
                return begunAnew(
                        interrupted,
                        "it was at tables without a key (tables.without.key), whose rows of then cannot be told from those"
                                + " that were written since");
            }
            LOG.info(
                    "The snapshot of stream {} was interrupted and is gone on with as {}: {}",
                    interrupted.checkpoint().identity().stream(),
                    checkpoint.identity().stream(),
                    snapshot.describe());
            long atMicros = checkpoint.snapshot().atMicros();
            return Optional.of(readAll(checkpoint, atMicros, snapshot, view, changes));
        }
    }

    private TransactionReader afterTheLastRow(SourceOffset interrupted, Checkpoint checkpoint) {
        TransactionReader reader = readers.apply(new SourceOffset(checkpoint, 0, 0));
        reader.beginSnapshot(checkpoint.snapshot().atMicros());
        LOG.info(
                "The snapshot of stream {} was read whole; {} goes on with the changes since",
                interrupted.checkpoint().identity().stream(),
                checkpoint.identity().stream());
        return reader;
    }

    private static Optional<TransactionReader> begunAnew(SourceOffset interrupted, String reason) {
        LOG.warn(
                "The snapshot of stream {} was interrupted and is begun anew, as of now: {}",
                interrupted.checkpoint().identity().stream(),
                reason);
        return Optional.empty();
    }

    /** No two attempts have the same, also when the server's clock was set back. */
    private long attemptMicros(SourceOffset interrupted) {
        return Math.max(
                ledger.openedMicros(), interrupted.checkpoint().identity().attempt() + 1);
    }

    /** Reads stretch by stretch, the first as of {@code first}. */
    private TransactionReader readAll(
            Checkpoint checkpoint, long atMicros, Snapshot snapshot, SnapshotView first, ChangesSince changes)
            throws SQLException, InterruptedException {
        TransactionReader reader = readers.apply(new SourceOffset(checkpoint, 0, 0));
        SnapshotRecords records = reader.beginSnapshot(atMicros);
        SnapshotPace pace = new SnapshotPace(config, ledger, outlet, records, changes, snapshot.firstWithKey());
        ledger.boundAnswers();
        boolean isLater = checkpoint.identity().attempt() != 0;
        run(snapshot, first, isLater ? leftOut(first, records, changes, pace) : null, records, pace);
        first.close();
        while (!snapshot.isComplete()) {
            try (SnapshotView view = SnapshotView.now(database, config.snapshotThreads())) {
                LOG.info("The snapshot goes on with a new transaction: {}", snapshot.describe());
                pace.beginStretch();
                run(snapshot, view, leftOut(view, records, changes, pace), records, pace);
            }
        }
        return reader;
    }

    /** A table may be altered between two stretches: what it is now is found out by a new session, which goes on. */
    private static void run(
            Snapshot snapshot, SnapshotView view, LeftOut leftOut, SnapshotRecords records, SnapshotPace pace)
            throws SQLException, InterruptedException {
        try {
            snapshot.run(view, leftOut, records, pace);
        } catch (SQLException e) {
            if (!ALTERED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            throw new SQLException(
                    "a captured table was altered while the snapshot read it (" + e.getMessage() + ")", "40001", e);
        }
    }

    /** The rows of a view that the snapshot does not have. They come as changes, and are noted to come so. */
    private LeftOut leftOut(SnapshotView view, SnapshotRecords records, ChangesSince changes, SnapshotPace pace)
            throws SQLException, InterruptedException {
        SnapshotState state = records.state();
        Visible now = Visible.parse(view.visible());
        long throughLsn = ledger.insertLsn();
        records.reached(state.through(throughLsn));
        pace.note(); // which also brings what was committed to the server's disk: changes are sent only from there
        changes.readThrough(throughLsn, outlet::isStopped);
        if (changes.keys().isOverflowed()) {
            throw new SnapshotBrokenException(
                    "more rows were changed since it began than the worker's heap has room for");
        }
        LOG.debug(
                "{} keys were written since the snapshot, through {}",
                changes.keys().size(),
                Lsn.format(throughLsn));
        return new LeftOut(Visible.parse(state.visible()), now, changes.keys());
    }
}
