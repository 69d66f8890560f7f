package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.record.RecordBuffer;
import io.ledgerconnect.source.record.StreamState;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.TableMapping;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ReplicationStream;
import io.ledgerconnect.source.replication.ServerIdentity;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.snapshot.Snapshot;
import io.ledgerconnect.source.snapshot.SnapshotTable;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
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
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** After this the driver's own wait of a millisecond is lengthened: an idle ledger costs no CPU. */
    private static final long IDLE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Acknowledgement acknowledgement;
    private final Clock clock;
    private final HandOver handOver;
    private final BooleanSupplier stopped;
    private final RecordBuffer buffer = new RecordBuffer();
    private final long watermarkNanos;

    private long lastWatermarkNanos;
    private long lastKeepAliveNanos = System.nanoTime();
    private long acknowledgedLsn;

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
            BooleanSupplier stopped) {
        this.config = config;
        this.database = database;
        this.acknowledgement = acknowledgement;
        this.clock = clock;
        this.handOver = handOver;
        this.stopped = stopped;
        this.watermarkNanos = config.watermarkInterval().toNanos();
    }

    /** Captures until stopped. {@code resumeAfter} is null, or of an unfinished snapshot, when the stream begins. */
    void run(SourceOffset resumeAfter) throws SQLException, InterruptedException {
        try (Connection control = database.connect()) {
            Ledger ledger = new Ledger(control);
            if (resumeAfter != null && resumeAfter.checkpoint().snapshotComplete()) {
                stream(ledger, ledger.resume(resumeAfter));
            } else if (config.snapshotMode() == SnapshotMode.INITIAL) {
                stream(ledger, readSnapshot(ledger));
            } else {
                stream(ledger, beginAtSlot(ledger));
            }
        }
    }

    private TransactionReader beginAtSlot(Ledger ledger) throws SQLException, InterruptedException {
        try (Connection replication = database.connectForReplication()) {
            SourceOffset offset = ledger.start.atSlot(ledger.start.prepare(replication));
            TransactionReader reader = ledger.reader(offset);
            sendWatermark(reader, offset.checkpoint().lsn(), ledger.timeMicros());
            return reader;
        }
    }

    /** Reads all rows as of one WAL address, and hands over the reader that goes on from there. */
    private TransactionReader readSnapshot(Ledger ledger) throws SQLException, InterruptedException {
        try (Connection exporter = database.connectForReplication()) {
            ServerIdentity server = ledger.start.prepare(exporter);
            Slot.ExportedSnapshot exported = Slot.exportSnapshot(exporter, Slot.temporaryName(config.slotName()));
            SourceOffset offset = ledger.start.atSnapshot(server, exported);
            TransactionReader reader = ledger.reader(offset);
            long atMicros = ledger.timeMicros();
            List<SnapshotTable> tables =
                    ledger.snapshotTables(offset.checkpoint().identity());
            try (Snapshot snapshot = new Snapshot(database, exported.name(), tables, config.snapshotThreads())) {
                exporter.close();
                reader.beginSnapshot(atMicros);
                snapshot.run(reader, this::passOnFullBatch);
                reader.endSnapshot();
            }
            sendWatermark(reader, offset.checkpoint().lsn(), atMicros);
            return reader;
        }
    }

    private void passOnFullBatch() throws InterruptedException, SQLException {
        if (stopped.getAsBoolean()) {
            throw new InterruptedException();
        }
        if (buffer.isFull()) {
            handOver.handOver(buffer, () -> {});
        }
    }

    private void sendWatermark(TransactionReader reader, long lsn, long idleMicros)
            throws InterruptedException, SQLException {
        reader.watermark(lsn, idleMicros);
        lastWatermarkNanos = System.nanoTime();
        handOver.handOver(buffer, () -> {});
    }

    private void stream(Ledger ledger, TransactionReader reader) throws SQLException, InterruptedException {
        StreamIdentity identity = reader.identity();
        PgOutputDecoder decoder = new PgOutputDecoder(reader);
        try (ReplicationStream stream = ReplicationStream.start(
                database.connectForReplication(), config.slotName(), config.publicationName(), reader.throughLsn())) {
            while (!stopped.getAsBoolean()) {
                ByteBuffer message = stream.readPending();
                if (message != null) {
                    reader.setMessageLsn(stream.lastReceivedLsn());
                    buffer.addBytes(message.remaining());
                    decoder.decode(message);
                } else if (!reader.inTransaction()) {
                    idle(ledger, reader, stream);
                }
                if (reader.atWatermark() && isWatermarkDue()) {
                    reader.watermark(reader.throughLsn(), ledger.lastIdleMicros);
                    lastWatermarkNanos = System.nanoTime();
                }
                if (buffer.isFull()) {
                    handOver.handOver(buffer, () -> keepAlive(stream, identity));
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
        reader.readThrough(stream.lastReceivedLsn());
        if (reader.atWatermark() && isWatermarkDue()) {
            // The time was asked for before the server said that it has no more: never ahead of the truth.
            reader.watermark(reader.throughLsn(), ledger.lastIdleMicros);
            lastWatermarkNanos = System.nanoTime();
            ledger.lastIdleMicros = ledger.timeMicros();
        }
        if (buffer.isEmpty()) {
            LockSupport.parkNanos(IDLE_PAUSE_NANOS);
        } else {
            handOver.handOver(buffer, () -> keepAlive(stream, reader.identity()));
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

    private void keepAlive(ReplicationStream stream, StreamIdentity identity) throws SQLException {
        acknowledge(stream, identity);
        long now = System.nanoTime();
        if (now - lastKeepAliveNanos >= KEEP_ALIVE_NANOS) {
            lastKeepAliveNanos = now;
            stream.keepAlive();
        }
    }

    /** What the session asks of the ledger over its connection for queries. */
    private final class Ledger {
        private final Connection connection;
        private final LedgerCatalog catalog;
        private final TableMapper mapper;
        private final CaptureStart start;
        private long lastIdleMicros;

        Ledger(Connection connection) throws SQLException {
            this.connection = connection;
            this.catalog = new LedgerCatalog(connection);
            this.mapper = new TableMapper(config, connection, catalog);
            this.start = new CaptureStart(config, database, connection, catalog);
            this.lastIdleMicros = timeMicros();
        }

        TransactionReader resume(SourceOffset offset) throws SQLException {
            try (Connection replication = database.connectForReplication()) {
                return reader(start.resume(offset, replication));
            }
        }

        TransactionReader reader(SourceOffset offset) {
            StreamState state = new StreamState(offset.checkpoint(), config.partitions());
            return new TransactionReader(
                    config,
                    relation -> mapping(relation, offset.checkpoint().identity()),
                    state,
                    offset,
                    buffer,
                    clock);
        }

        List<SnapshotTable> snapshotTables(StreamIdentity identity) throws SQLException {
            Map<String, Publication.Member> members =
                    start.publication().map(Publication::tables).orElse(Map.of());
            List<SnapshotTable> tables = new ArrayList<>();
            for (LedgerTable table : start.tables()) {
                Publication.Member member = members.get(table.name());
                tables.add(new SnapshotTable(
                        table,
                        mapper.mapping(table.relation(), table.primaryKey(), identity),
                        member == null ? null : member.rowFilter()));
            }
            return tables;
        }

        /** Null when the relation is not captured. */
        private TableMapping mapping(Relation relation, StreamIdentity identity) throws SQLException {
            if (!config.tables().includes(relation.qualifiedName())) {
                return null;
            }
            List<LedgerTable> now = catalog.tables(relation.qualifiedName()::equals, Optional.empty());
            return mapper.mapping(
                    relation, now.isEmpty() ? List.of() : now.get(0).primaryKey(), identity);
        }

        /** The server's clock, µs since 1970. */
        long timeMicros() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
