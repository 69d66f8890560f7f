package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import io.ledgerconnect.source.record.RecordBuffer;
import io.ledgerconnect.source.record.StreamState;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.TableMapping;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ReplicationStream;
import io.ledgerconnect.source.replication.ServerIdentity;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.snapshot.RowLookup;
import io.ledgerconnect.source.snapshot.Snapshot;
import io.ledgerconnect.source.snapshot.SnapshotTable;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One stretch of capturing over one set of connections: from a restart point, or from a snapshot, until a connection
 * fails or the capture stops. Used by one thread only.
 */
final class CaptureSession {
    /** Cheap, and often enough for a wal_sender_timeout of a few seconds. */
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A server that is there answers sooner; one that went without a word is noticed within this time. */
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);
    /** A change that is this late may never come: the server is asked whether it is there. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** After this the driver's own wait of a millisecond is lengthened: an idle ledger costs no CPU. */
    private static final long IDLE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Acknowledgement acknowledgement;
    private final Clock clock;
    private final HandOver handOver;
    private final BooleanSupplier stopped;
    private final SlotWatch slotWatch;
    private final CaptureProgress progress;
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
            SlotWatch slotWatch,
            CaptureProgress progress) {
        this.config = config;
        this.database = database;
        this.acknowledgement = acknowledgement;
        this.clock = clock;
        this.handOver = handOver;
        this.stopped = stopped;
        this.slotWatch = slotWatch;
        this.progress = progress;
        this.watermarkNanos = config.watermarkInterval().toNanos();
    }

    /**
     * Captures with the settings that an offset was made with until a checkpoint follows, from which others can go on.
     */
    void catchUp(SourceOffset resumeAfter) throws SQLException, InterruptedException {
        try (Connection control = database.connect()) {
            Ledger ledger = new Ledger(control);
            stream(ledger, ledger.resume(resumeAfter), true);
        }
    }

    /** Captures until stopped. {@code resumeAfter} is null, or of an unfinished snapshot, when the stream begins. */
    void run(SourceOffset resumeAfter) throws SQLException, InterruptedException {
        try (Connection control = database.connect()) {
            Ledger ledger = new Ledger(control);
            if (resumeAfter != null && resumeAfter.checkpoint().snapshotComplete()) {
                stream(ledger, ledger.resume(resumeAfter), false);
            } else if (config.snapshotMode() == SnapshotMode.INITIAL) {
                stream(ledger, readSnapshot(ledger), false);
            } else {
                stream(ledger, beginAtSlot(ledger), false);
            }
        }
    }

    private TransactionReader beginAtSlot(Ledger ledger) throws SQLException, InterruptedException {
        try (Connection replication = database.connectForReplication()) {
            // What was committed before an older slot's position was read nobody knows when.
            boolean isNew = !ledger.start.hasSlot();
            SourceOffset offset = ledger.start.atSlot(ledger.start.prepare(replication));
            TransactionReader reader = ledger.reader(offset);
            reader.readThrough(offset.checkpoint().lsn(), isNew ? ledger.openedMicros : 0);
            sendWatermark(ledger, reader);
            return reader;
        }
    }

    /** Reads all rows as of one WAL address, and hands over the reader that goes on from there. */
    private TransactionReader readSnapshot(Ledger ledger) throws SQLException, InterruptedException {
        try (Connection exporter = database.connectForReplication()) {
            ServerIdentity server = ledger.start.prepare(exporter);
            long atMicros = ledger.time().micros(); // before the snapshot: it may have a little more, never less
            Slot.ExportedSnapshot exported = ledger.export(exporter);
            SourceOffset offset = ledger.start.atSnapshot(server, exported);
            TransactionReader reader = ledger.reader(offset);
            List<SnapshotTable> tables =
                    ledger.snapshotTables(offset.checkpoint().identity());
            try (Snapshot snapshot = new Snapshot(database, exported.name(), tables, config.snapshotThreads())) {
                exporter.close();
                reader.beginSnapshot(atMicros);
                ledger.boundAnswers();
                snapshot.run(reader, bytes -> passOnFullBatch(ledger, bytes), progress::snapshot);
                reader.endSnapshot();
            }
            sendWatermark(ledger, reader);
            return reader;
        }
    }

    private void passOnFullBatch(Ledger ledger, int bytes) throws InterruptedException, SQLException {
        buffer.addBytes(bytes);
        if (stopped.getAsBoolean()) {
            throw new InterruptedException();
        }
        slotWatch.look(ledger.connection);
        if (buffer.isFull()) {
            handOver.handOver(buffer, () -> slotWatch.look(ledger.connection));
        }
    }

    private void sendWatermark(Ledger ledger, TransactionReader reader) throws InterruptedException, SQLException {
        reader.watermark();
        lastWatermarkNanos = System.nanoTime();
        handOver.handOver(buffer, () -> slotWatch.look(ledger.connection));
    }

    /** @param toCheckpoint whether to end with the first watermark */
    private void stream(Ledger ledger, TransactionReader reader, boolean toCheckpoint)
            throws SQLException, InterruptedException {
        StreamIdentity identity = reader.identity();
        ledger.boundAnswers();
        PgOutputDecoder decoder = new PgOutputDecoder(reader);
        try (ReplicationStream stream = ReplicationStream.start(
                database.connectForReplication(), config.slotName(), config.publicationName(), reader.throughLsn())) {
            progress.streaming();
            while (!stopped.getAsBoolean()) {
                ByteBuffer message = stream.readPending();
                if (message != null) {
                    silentSinceNanos = 0;
                    reader.setMessageLsn(stream.lastReceivedLsn());
                    buffer.addBytes(message.remaining());
                    decoder.decode(message);
                } else if (reader.inTransaction()) {
                    watchSilence(ledger);
                } else {
                    idle(ledger, reader, stream);
                }
                if (reader.canSendWatermark() && (toCheckpoint || isWatermarkDue())) {
                    reader.watermark();
                    lastWatermarkNanos = System.nanoTime();
                    if (toCheckpoint) {
                        handOver.handOver(buffer, () -> keepAlive(ledger, stream, identity));
                        return;
                    }
                }
                if (buffer.isFull()) {
                    slotWatch.look(ledger.connection);
                    handOver.handOver(buffer, () -> keepAlive(ledger, stream, identity));
                }
                acknowledge(stream, identity);
            }
        }
    }

    private boolean isWatermarkDue() {
        return System.nanoTime() - lastWatermarkNanos >= watermarkNanos;
    }

    /** Nothing is pending: what was gathered goes out at once, and the server's own position is the stream's. */
    private void idle(Ledger ledger, TransactionReader reader, ReplicationStream stream)
            throws InterruptedException, SQLException {
        slotWatch.look(ledger.connection);
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
    private void watchSilence(Ledger ledger) throws SQLException {
        slotWatch.look(ledger.connection);
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

    private void keepAlive(Ledger ledger, ReplicationStream stream, StreamIdentity identity) throws SQLException {
        slotWatch.look(ledger.connection);
        acknowledge(stream, identity);
        long now = System.nanoTime();
        if (now - lastKeepAliveNanos >= KEEP_ALIVE_NANOS) {
            lastKeepAliveNanos = now;
            stream.keepAlive();
        }
    }

    /** The server's clock, µs since 1970, and where its WAL ended then or a little later. */
    private record ServerTime(long micros, long walLsn) {}

    /** What the reader of a stream asks of the ledger. */
    private record Questions(Ledger ledger, StreamIdentity identity) implements TransactionReader.Ledger {
        @Override
        public TableMapping resolve(Relation relation, TableKey known) throws SQLException {
            return ledger.mapping(relation, identity, known);
        }

        @Override
        public Tuple find(TableMapping mapping, Tuple row) throws SQLException {
            Optional<String> query = mapping.rowQuery(row);
            return query.isEmpty() ? null : RowLookup.first(ledger.connection, query.get());
        }
    }

    /** What the session asks of the ledger over its connection for queries. */
    private final class Ledger {
        private final Connection connection;
        private final LedgerCatalog catalog;
        private final TableMapper mapper;
        private final CaptureStart start;
        /** When the session began. */
        private final long openedMicros;

        private ServerTime latest;

        Ledger(Connection connection) throws SQLException {
            this.connection = connection;
            this.catalog = new LedgerCatalog(connection);
            this.mapper = new TableMapper(config, connection, catalog);
            this.start = new CaptureStart(config, database, connection, catalog);
            this.latest = time();
            this.openedMicros = latest.micros();
        }

        /**
         * Makes queries fail that are not answered in time. Not before a slot is created: that waits for transactions.
         */
        void boundAnswers() throws SQLException {
            connection.setNetworkTimeout(Runnable::run, (int) ANSWER_PATIENCE.toMillis());
        }

        Slot.ExportedSnapshot export(Connection exporter) throws SQLException {
            String slot = Slot.temporaryName(config.slotName());
            try (SlotWait wait = SlotWait.begin(connection, slot)) {
                return Slot.exportSnapshot(exporter, slot);
            }
        }

        TransactionReader resume(SourceOffset offset) throws SQLException {
            try (Connection replication = database.connectForReplication()) {
                return reader(start.resume(offset, replication));
            }
        }

        TransactionReader reader(SourceOffset offset) {
            StreamState state = new StreamState(offset.checkpoint(), config.partitions(), config.counting());
            return new TransactionReader(
                    config, new Questions(this, offset.checkpoint().identity()), state, offset, buffer, clock);
        }

        List<SnapshotTable> snapshotTables(StreamIdentity identity) throws SQLException {
            Map<String, Publication.Member> members =
                    start.publication().map(Publication::tables).orElse(Map.of());
            List<SnapshotTable> tables = new ArrayList<>();
            for (LedgerTable found : start.tables()) {
                LedgerTable table = found.withPages(catalog.pages(found));
                Publication.Member member = members.get(table.name());
                tables.add(new SnapshotTable(
                        table,
                        mapper.mapping(table.relation(), table.primaryKey(), identity, null),
                        member == null ? null : member.rowFilter()));
            }
            return tables;
        }

        /** Null when the relation is not captured. */
        private TableMapping mapping(Relation relation, StreamIdentity identity, TableKey known) throws SQLException {
            if (!config.tables().includes(relation.qualifiedName())) {
                return null;
            }
            return mapper.mapping(relation, catalog.primaryKey(relation.schema(), relation.table()), identity, known);
        }

        /** On an idle ledger time passes as well, once everything that was committed by then has been read. */
        void noteTime(TransactionReader reader) throws SQLException {
            if (Long.compareUnsigned(latest.walLsn(), reader.throughLsn()) <= 0) {
                reader.readThrough(latest.walLsn(), latest.micros());
                latest = time();
            }
        }

        ServerTime time() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,"
                                    + " pg_catalog.pg_current_wal_flush_lsn()::text")) {
                row.next();
                ServerTime time = new ServerTime(row.getLong(1), Lsn.parse(row.getString(2)));
                progress.server(time.walLsn(), time.micros());
                return time;
            }
        }
    }
}
