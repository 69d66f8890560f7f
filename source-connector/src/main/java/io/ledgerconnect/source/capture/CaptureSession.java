package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.record.RecordBuffer;
import io.ledgerconnect.source.record.StreamState;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ReplicationStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stretch of capturing over one set of connections: from a restart point, or from a snapshot, until a connection
 * fails or the capture stops. Used by one thread only.
 */
final class CaptureSession {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureSession.class);

    /** Cheap, and often enough for a wal_sender_timeout of a few seconds. */
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A change that is this late may never come: the server is asked whether it is there. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A stop interrupts; this is for a wake-up without one. */
    private static final long STOP_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** For Kafka to say that it has a snapshot; Kafka transactions may take as long as they like. */
    private static final Duration SENDING_PATIENCE = Duration.ofSeconds(10);

    /** After this the driver's own wait of a millisecond is lengthened: an idle ledger costs no CPU. */
    private static final long IDLE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Acknowledgement acknowledgement;
    private final Clock clock;
    private final HandOver handOver;
    private final BooleanSupplier stopped;
    private final CaptureWatch watch;
    private final RecordBuffer buffer = new RecordBuffer();
    private final long watermarkNanos;

    private long lastWatermarkNanos;
    private long lastKeepAliveNanos = System.nanoTime();
    private long acknowledgedLsn;
    /** Since when a transaction's next change has not come; 0 while it comes. */
    private long silentSinceNanos;

    /** Passes records on to Connect and waits while there is no room. */
    interface HandOver {
        void handOver(RecordBuffer buffer, KeepAlive keepAlive) throws InterruptedException, SQLException;
    }

    /** Called while waiting. */
    interface KeepAlive {
        void keepAlive() throws SQLException;
    }

    CaptureSession(
            SourceConfig config,
            LedgerDatabase database,
            Acknowledgement acknowledgement,
            Clock clock,
            HandOver handOver,
            BooleanSupplier stopped,
            CaptureWatch watch) {
        this.config = config;
        this.database = database;
        this.acknowledgement = acknowledgement;
        this.clock = clock;
        this.handOver = handOver;
        this.stopped = stopped;
        this.watch = watch;
        this.watermarkNanos = config.watermarkInterval().toNanos();
    }

    /**
     * Captures with the settings that an offset was made with until a checkpoint follows, from which others can go on.
     */
    void catchUp(SourceOffset resumeAfter) throws SQLException, InterruptedException {
        try (Connection control = database.connect()) {
            SessionLedger ledger = open(control);
            stream(ledger, resume(ledger, resumeAfter), true);
        }
    }

    /** Captures until stopped. {@code resumeAfter} is null, or of an unfinished snapshot, when the stream begins. */
    void run(SourceOffset resumeAfter) throws SQLException, InterruptedException {
        boolean goesOn = resumeAfter != null && resumeAfter.checkpoint().snapshotComplete();
        if (config.snapshotMode() == SnapshotMode.INITIAL_ONLY) {
            snapshotOnly(goesOn);
            return;
        }
        try (Connection control = database.connect()) {
            SessionLedger ledger = open(control);
            stream(
                    ledger,
                    goesOn ? resume(ledger, resumeAfter) : begin(ledger, Optional.ofNullable(resumeAfter)),
                    false);
        }
    }

    /** Reads a snapshot, unless it was sent, and waits until it is stopped. */
    private void snapshotOnly(boolean sent) throws SQLException, InterruptedException {
        if (!sent) {
            try (Connection control = database.connect()) {
                readSnapshot(open(control), Optional.empty());
            }
        }
        LOG.info("The snapshot was sent, and that is all: snapshot.mode is initial_only");
        while (!stopped.getAsBoolean()) {
            LockSupport.parkNanos(STOP_LOOK_NANOS);
        }
    }

    private TransactionReader begin(SessionLedger ledger, Optional<SourceOffset> interrupted)
            throws SQLException, InterruptedException {
        if (config.snapshotMode() == SnapshotMode.NO_DATA) {
            return beginAtSlot(ledger);
        }
        boolean anew = config.snapshotMode() == SnapshotMode.ALWAYS;
        Optional<SourceOffset> noted = anew ? Optional.empty() : ledger.notedSnapshot(stopped);
        Optional<SourceOffset> further = SnapshotResumption.further(noted, interrupted);
        return further.isPresent() && further.get().checkpoint().snapshotComplete()
                ? resume(ledger, further.get())
                : readSnapshot(ledger, further);
    }

    private TransactionReader beginAtSlot(SessionLedger ledger) throws SQLException, InterruptedException {
        try (Connection replication = database.connectForReplication()) {
            // What was committed before an older slot's position was read nobody knows when.
            boolean isNew = !ledger.hasSlot();
            SourceOffset offset = ledger.atSlot(ledger.prepare(replication));
            TransactionReader reader = reader(ledger, offset);
            reader.readThrough(offset.checkpoint().lsn(), isNew ? ledger.openedMicros() : 0);
            sendWatermark(ledger, reader);
            return reader;
        }
    }

    private TransactionReader readSnapshot(SessionLedger ledger, Optional<SourceOffset> interrupted)
            throws SQLException, InterruptedException {
        Outlet outlet = new Outlet(buffer, handOver, acknowledgement, stopped);
        TransactionReader reader = new SnapshotSession(
                        config, database, ledger, outlet, watch, offset -> reader(ledger, offset))
                .read(interrupted);
        if (reader.canSendWatermark()) {
            watermark(ledger, reader);
        }
        boolean sent = outlet.sendAll(SENDING_PATIENCE, ledger::watchSlot);
        if (config.snapshotMode() != SnapshotMode.INITIAL_ONLY && sent) {
            // Before any change is sent: see SnapshotNote.
            ledger.noteSnapshot(new SourceOffset(reader.checkpoint(), 0, 0));
        } else if (!stopped.getAsBoolean() && !sent) {
            LOG.info("Kafka does not have all of the snapshot yet; changes are captured without waiting for it");
        }
        return reader;
    }

    private void sendWatermark(SessionLedger ledger, TransactionReader reader)
            throws InterruptedException, SQLException {
        watermark(ledger, reader);
        handOver.handOver(buffer, ledger::watchSlot);
    }

    private void watermark(SessionLedger ledger, TransactionReader reader) throws SQLException {
        ledger.requirePublication(reader);
        reader.watermark();
        lastWatermarkNanos = System.nanoTime();
    }

    /** @param toCheckpoint whether to end with the first watermark */
    private void stream(SessionLedger ledger, TransactionReader reader, boolean toCheckpoint)
            throws SQLException, InterruptedException {
        StreamIdentity identity = reader.identity();
        ledger.boundAnswers();
        PgOutputDecoder decoder = new PgOutputDecoder(reader);
        RequestRunner requests = null;
        try (ReplicationStream stream = ReplicationStream.start(
                database.connectForReplication(), config.slotName(), config.publicationName(), reader.throughLsn())) {
            watch.progress().streaming();
            requests = toCheckpoint ? null : new RequestRunner(config, database, reader, watch.progress());
            while (!stopped.getAsBoolean()) {
                ByteBuffer message = stream.readPending();
                if (message != null) {
                    silentSinceNanos = 0;
                    reader.setMessageLsn(stream.lastReceivedLsn());
                    int before = buffer.size();
                    take(message, decoder, reader, () -> keepAlive(ledger, stream, identity));
                    tellOfLarge(stream.lastReceivedLsn(), message, buffer.size() - before);
                } else if (reader.inTransaction()) {
                    watchSilence(ledger);
                } else {
                    idle(ledger, reader, stream);
                }
                if (reader.canSendWatermark() && (toCheckpoint || isWatermarkDue())) {
                    watermark(ledger, reader);
                    if (toCheckpoint) {
                        handOver.handOver(buffer, () -> keepAlive(ledger, stream, identity));
                        return;
                    }
                }
                if (buffer.isFull()) {
                    ledger.watchSlot();
                    handOver.handOver(buffer, () -> keepAlive(ledger, stream, identity));
                }
                acknowledge(stream, identity);
            }
        } finally {
            if (requests != null) {
                requests.close();
            }
        }
    }

    private void take(ByteBuffer message, PgOutputDecoder decoder, TransactionReader reader, KeepAlive keepAlive)
            throws InterruptedException, SQLException {
        buffer.addBytes(message.remaining());
        try {
            decoder.decode(message);
        } catch (ConnectException e) {
            // What was read before it goes out: a restart would come no further.
            handOver.handOver(buffer, keepAlive);
            throw reader.stoppedBy(e);
        }
    }

    /**
     * A message may make no record, such as one of a table that is not captured; one with asked for rows makes many.
     */
    private void tellOfLarge(long lsn, ByteBuffer message, int records) {
        int bytes = message.limit();
        if ((records == 1 || records == 2) && watch.large().isLarge(bytes)) {
            buffer.lastTopic()
                    .flatMap(topic -> watch.large().warning(topic, lsn, bytes))
                    .ifPresent(LOG::warn);
        }
    }

    private boolean isWatermarkDue() {
        return System.nanoTime() - lastWatermarkNanos >= watermarkNanos;
    }

    /** Nothing is pending: what was gathered goes out at once, and the server's own position is the stream's. */
    private void idle(SessionLedger ledger, TransactionReader reader, ReplicationStream stream)
            throws InterruptedException, SQLException {
        ledger.watchSlot();
        reader.readThrough(stream.lastReceivedLsn());
        if (isWatermarkDue()) {
            ledger.noteTime(reader);
        }
        if (buffer.isEmpty()) {
            LockSupport.parkNanos(IDLE_PAUSE_NANOS);
        } else {
            handOver.handOver(buffer, () -> keepAlive(ledger, stream, reader.identity()));
        }
    }

    /** A connection that broke without a word looks like a pause; TCP would need a quarter of an hour to notice it. */
    private void watchSilence(SessionLedger ledger) throws SQLException {
        ledger.watchSlot();
        long now = System.nanoTime();
        if (silentSinceNanos == 0) {
            silentSinceNanos = now;
        } else if (now - silentSinceNanos >= SILENCE_NANOS) {
            ledger.time();
            silentSinceNanos = now;
        }
    }

    /** Lets WAL go as far as the stored offset allows. */
    private void acknowledge(ReplicationStream stream, StreamIdentity identity) throws SQLException {
        long releasable = acknowledgement.releasableLsn(identity);
        if (Long.compareUnsigned(releasable, acknowledgedLsn) > 0) {
            stream.acknowledge(releasable);
            acknowledgedLsn = releasable;
        }
    }

    private void keepAlive(SessionLedger ledger, ReplicationStream stream, StreamIdentity identity)
            throws SQLException {
        ledger.watchSlot();
        acknowledge(stream, identity);
        long now = System.nanoTime();
        if (now - lastKeepAliveNanos >= KEEP_ALIVE_NANOS) {
            lastKeepAliveNanos = now;
            stream.keepAlive();
        }
    }

    private SessionLedger open(Connection control) throws SQLException {
        return new SessionLedger(control, config, database, watch);
    }

    private TransactionReader resume(SessionLedger ledger, SourceOffset offset) throws SQLException {
        try (Connection replication = database.connectForReplication()) {
            return reader(ledger, ledger.resume(offset, replication));
        }
    }

    private TransactionReader reader(SessionLedger ledger, SourceOffset offset) {
        StreamState state = new StreamState(offset.checkpoint(), config.partitions(), config.counting());
        return new TransactionReader(
                config, ledger.questions(offset.checkpoint().identity()), state, offset, buffer, clock);
    }
}
