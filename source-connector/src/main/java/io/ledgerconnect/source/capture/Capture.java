package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.check.InsertOnlyTables;
import io.ledgerconnect.source.check.Restrictions;
import io.ledgerconnect.source.check.UnreadableText;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.record.RecordBatch;
import io.ledgerconnect.source.record.RecordBuffer;
import io.ledgerconnect.source.record.UnresolvedRelationException;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.snapshot.SnapshotBrokenException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures a ledger in a thread of its own: session after session, each going on after the last batch that was handed
 * over. Faults that heal are waited out; any other ends the capture and reaches Connect through {@link #poll}.
 */
public final class Capture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private static final Duration HAND_OVER_PATIENCE = Duration.ofMillis(100);
    /** For a stream to end by itself; it looks for a stop all the time. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

    /** How often what waits for the server is broken off; a connection may be in the making the first time. */
    private static final int BREAK_OFF_ATTEMPTS = 10;

    /** A snapshot that is begun anew so often is rested from, longer each time. */
    private static final int OFTEN = 3;

    private static final Duration FIRST_REST = Duration.ofSeconds(5);
    private static final Duration LONGEST_REST = Duration.ofMinutes(5);

    private static final Duration WARNING_INTERVAL = Duration.ofSeconds(30);

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Acknowledgement acknowledgement;
    private final Supplier<Optional<SourceOffset>> storedOffset;
    private final Clock clock;
    private final BatchQueue queue = new BatchQueue();
    private final CaptureProgress progress;
    private final CaptureWatch watch;
    private final DeliveryAlarm delivery;
    private final Thread thread;
    private final Backoff backoff = new Backoff();
    private final BusySlot busySlot;
    private volatile boolean stopped;

    /** Where the next session goes on; null before anything was handed over. Belongs to the capturing thread. */
    private SourceOffset resumeAfter;

    private int begunAnew;
    private long warnedNanos = System.nanoTime() - WARNING_INTERVAL.toNanos();

    /**
     * Starts capturing after the stored offset, or with a new stream.
     *
     * @param storedOffset asks Connect, now and from the capturing thread
     */
    public Capture(
            SourceConfig config,
            LedgerDatabase database,
            Supplier<Optional<SourceOffset>> storedOffset,
            Acknowledgement acknowledgement,
            Clock clock) {
        this.config = config;
        this.database = database;
        this.acknowledgement = acknowledgement;
        this.clock = clock;
        this.storedOffset = storedOffset;
        Optional<SourceOffset> stored = storedOffset.get();
        this.resumeAfter = config.snapshotMode() == SnapshotMode.ALWAYS ? null : stored.orElse(null);
        this.progress = new CaptureProgress(clock, System::nanoTime, queue);
        this.watch = new CaptureWatch(
                progress,
                new SlotWatch(config.slotName(), config.slotFailover(), progress),
                new Restrictions(config),
                new InsertOnlyTables(config),
                new LargeChanges(config.maxRequestBytes()));
        this.delivery = new DeliveryAlarm(config.partitions(), System::nanoTime);
        stored.map(SourceOffset::checkpoint)
                .filter(Checkpoint::snapshotComplete)
                .ifPresent(checkpoint -> progress.resumedAt(checkpoint.lsn()));
        this.busySlot = new BusySlot(config.slotName(), System::nanoTime);
        this.thread = new Thread(this::run, "ledger-capture-" + config.topicPrefix());
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** The next batch, or null when none comes within {@code patience}. */
    public RecordBatch poll(Duration patience) throws InterruptedException {
        delivery.asked();
        RecordBatch batch = queue.take(patience);
        if (batch != null) {
            delivery.taken(batch);
            progress.taken(batch);
        }
        return batch;
    }

    /** What metrics tell of this capture. */
    public CaptureProgress progress() {
        return progress;
    }

    private void run() {
        try {
            while (!stopped) {
                runSession();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            queue.fail(e);
        } catch (Error e) {
            queue.fail(new ConnectException("The capture of " + database + " ended: " + e, e));
            throw e;
        }
    }

    private void runSession() throws InterruptedException {
        try {
            if (isOfOtherSettings(resumeAfter)) {
                SourceConfig earlier = config.counting(resumeAfter.checkpoint().settings());
                LOG.info("Settings that decide which records there are have changed; they take effect with the next"
                        + " watermark, since what was sent after the last one has to be counted as it was");
                session(earlier).catchUp(resumeAfter);
            } else {
                session(config).run(resumeAfter);
            }
        } catch (SQLException e) {
            waitOut(e);
        } catch (UnresolvedRelationException e) {
            waitOut(e.getCause());
        } catch (SnapshotBrokenException e) {
            beginSnapshotAnew(e);
        } catch (LostChangesException e) {
            if (!takesLaterOffset()) {
                beginAnew(e);
            }
        }
    }

    private void beginSnapshotAnew(SnapshotBrokenException cause) throws InterruptedException {
        LOG.warn("The snapshot is begun anew, as of now: {}", cause.getMessage());
        resumeAfter = null;
        begunAnew++;
        if (begunAnew >= OFTEN) {
            LOG.warn(
                    "The snapshot was begun anew {} times. If this goes on, leave such a table out until the snapshot is over,"
                            + " with table.exclude.list, and take it in then: its rows are read while the stream goes on",
                    begunAnew);
            Thread.sleep(Math.min(LONGEST_REST.toMillis(), FIRST_REST.toMillis() << Math.min(begunAnew - OFTEN, 10)));
        }
    }

    /**
     * A worker that was frozen beyond its session may store an offset, and move the slot after it, when its task has
     * begun elsewhere already. Everything before that offset was sent.
     */
    private boolean takesLaterOffset() {
        Optional<SourceOffset> stored =
                resumeAfter == null ? Optional.empty() : storedOffset.get().filter(this::isLaterOfTheStream);
        stored.ifPresent(offset -> {
            LOG.info(
                    "Another worker has stored an offset since this task began; the capture goes on from {}",
                    Lsn.format(offset.checkpoint().lsn()));
            resumeAfter = offset;
        });
        return stored.isPresent();
    }

    private boolean isLaterOfTheStream(SourceOffset offset) {
        Checkpoint own = resumeAfter.checkpoint();
        Checkpoint other = offset.checkpoint();
        return other.snapshotComplete()
                && other.identity().isSameCapture(own.identity())
                && Long.compareUnsigned(other.lsn(), own.lsn()) > 0;
    }

    /** With the next session, which reads a snapshot. Tries again while the slot cannot be dropped. */
    private void beginAnew(LostChangesException cause) throws InterruptedException {
        if (config.snapshotMode() != SnapshotMode.WHEN_NEEDED) {
            throw cause;
        }
        LOG.warn("A fresh snapshot is read, as snapshot.mode=when_needed says: {}", cause.getMessage());
        try {
            dropSlot();
            resumeAfter = null;
        } catch (SQLException e) {
            waitOut(e);
        }
    }

    private CaptureSession session(SourceConfig settings) {
        return new CaptureSession(settings, database, acknowledgement, clock, this::handOver, () -> stopped, watch);
    }

    /** Whether records were sent after the checkpoint, under settings by which they would be counted otherwise now. */
    private boolean isOfOtherSettings(SourceOffset offset) {
        return offset != null
                && offset.checkpoint().snapshotComplete()
                && !offset.isAtCheckpoint()
                && !offset.checkpoint().settings().equals(config.counting());
    }

    /** Returns when it is time for another attempt. */
    private void waitOut(SQLException cause) throws InterruptedException {
        if (stopped) {
            return;
        }
        if (UnreadableText.is(cause)) {
            throw UnreadableText.inStream(cause);
        }
        if (SqlFault.of(cause) != SqlFault.RETRIABLE) {
            throw CaptureFault.of(cause, database, config);
        }
        busySlot.waitedFor(cause);
        progress.interrupted();
        Duration pause = backoff.next();
        long now = System.nanoTime();
        if (now - warnedNanos >= WARNING_INTERVAL.toNanos()) {
            warnedNanos = now;
            LOG.warn(
                    "Capture of {} is interrupted and will go on where it was: {} (SQLSTATE {})",
                    database,
                    cause.getMessage(),
                    cause.getSQLState());
        }
        Thread.sleep(pause.toMillis());
    }

    /** Hands over what was gathered; true once there is room for it. Keeps trying until the capture stops. */
    private void handOver(RecordBuffer buffer, CaptureSession.KeepAlive keepAlive)
            throws InterruptedException, SQLException {
        if (buffer.isEmpty()) {
            return;
        }
        RecordBatch batch = buffer.take();
        while (!stopped) {
            if (queue.offer(batch, HAND_OVER_PATIENCE)) {
                List<SourceRecord> records = batch.records();
                acknowledgement.handedOver(records.size());
                resumeAfter = (SourceOffset) records.get(records.size() - 1).sourceOffset();
                backoff.reset();
                busySlot.isFree();
                return;
            }
            delivery.warning().ifPresent(LOG::warn);
            keepAlive.keepAlive();
        }
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(STOP_PATIENCE.toMillis());
            for (int i = 0; i < BREAK_OFF_ATTEMPTS && thread.isAlive(); i++) {
                database.breakOff();
                thread.join(STOP_PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (config.dropSlotOnStop()) {
            try {
                dropSlot();
            } catch (SQLException e) {
                LOG.warn("Slot {} could not be dropped (slot.drop.on.stop): {}", config.slotName(), e.getMessage());
            }
        }
    }

    private void dropSlot() throws SQLException {
        try (Connection connection = database.connect()) {
            Slot.drop(connection, config.slotName());
        }
    }
}
