package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.Place;
import io.ledgerconnect.source.record.SnapshotRecords;
import io.ledgerconnect.source.snapshot.Snapshot;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done between the rows of a snapshot: passes records on, notes how far Kafka has it, and ends a stretch in
 * time. Used by the capturing thread only.
 */
final class SnapshotPace implements Snapshot.Pace {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPace.class);

    /** Noting waits for Kafka: it may take a fortieth of the time. */
    private static final int INTERVAL_PER_WAIT = 40;

    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(2);
    /** Connect's own offsets come as often; Kafka transactions may take as long as they like. */
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

    /** What was changed meanwhile is read beside the rows, for a fifth of the time at most. */
    private static final long CHANGES_INTERVAL_NANOS = 200_000_000;

    private static final long CHANGES_NANOS = 40_000_000;

    private static final Duration SENDING_PATIENCE = Duration.ofSeconds(2);

    private final SessionLedger ledger;
    private final Outlet outlet;
    private final SnapshotRecords records;
    private final ChangesSince changes;
    private final long stretchNanos;
    private final Place firstWithKey;

    private boolean isPastTablesWithoutKey;
    private boolean renewable;
    private boolean ending;
    private long stretchBeganNanos = System.nanoTime();
    /** The beginning is noted, too: then what is read first is read again as of the same WAL address. */
    private long notedNanos = System.nanoTime() - SHORTEST_INTERVAL.toNanos();

    private long changesReadNanos = System.nanoTime();
    private long intervalNanos = SHORTEST_INTERVAL.toNanos();

    /** @param firstWithKey where the tables end whose rows have to be read in one transaction */
    SnapshotPace(
            SourceConfig config,
            SessionLedger ledger,
            Outlet outlet,
            SnapshotRecords records,
            ChangesSince changes,
            Place firstWithKey) {
        this.firstWithKey = firstWithKey;
        this.ledger = ledger;
        this.outlet = outlet;
        this.records = records;
        this.changes = changes;
        this.stretchNanos = config.snapshotTransaction().toNanos();
        this.renewable = records.state().isResumable();
    }

    void beginStretch() {
        ending = false;
        stretchBeganNanos = System.nanoTime();
    }

    @Override
    public void reached(Place place) throws InterruptedException, SQLException {
        isPastTablesWithoutKey = place.compareTo(firstWithKey) >= 0;
        records.reached(records.state().at(place));
        if (records.state().isResumable() && System.nanoTime() - notedNanos >= intervalNanos) {
            note();
        }
    }

    /** Notes how far the snapshot has come, if Kafka has all of it. */
    void note() throws InterruptedException, SQLException {
        long begin = System.nanoTime();
        if (outlet.sendAll(SENDING_PATIENCE, ledger::watchSlot)) {
            ledger.noteSnapshot(records.offset());
        }
        notedNanos = System.nanoTime();
        intervalNanos = Math.min(
                LONGEST_INTERVAL.toNanos(),
                Math.max(SHORTEST_INTERVAL.toNanos(), (notedNanos - begin) * INTERVAL_PER_WAIT));
    }

    @Override
    public boolean between(int bytes) throws InterruptedException, SQLException {
        if (outlet.isStopped()) {
            throw new InterruptedException();
        }
        ledger.watchSlot();
        outlet.passOnFullBatch(bytes, ledger::watchSlot);
        if (renewable) {
            readChanges();
        }
        if (renewable && !ending && isPastTablesWithoutKey && System.nanoTime() - stretchBeganNanos >= stretchNanos) {
            ending = canRenew();
        }
        return ending;
    }

    /** From the middle of a stretch on: most snapshots are over before. */
    private void readChanges() throws SQLException {
        long now = System.nanoTime();
        if (now - stretchBeganNanos >= stretchNanos / 2 && now - changesReadNanos >= CHANGES_INTERVAL_NANOS) {
            changes.readSome(CHANGES_NANOS);
            changesReadNanos = System.nanoTime();
        }
    }

    /** What is long to read is read before the next transaction is opened. */
    private boolean canRenew() throws InterruptedException, SQLException {
        changes.readThrough(ledger.time().walLsn(), outlet::isStopped);
        renewable = changes.keys().hasRoom();
        if (!renewable) {
            changes.close();
            LOG.warn(
                    "More rows were changed since the snapshot began than the worker's heap has room for: its last part is"
                            + " read in one transaction, however long that takes (snapshot.transaction.max.ms), which keeps vacuum"
                            + " from removing what is changed meanwhile");
        }
        return renewable;
    }
}
