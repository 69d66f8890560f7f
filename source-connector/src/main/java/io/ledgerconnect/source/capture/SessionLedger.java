package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.catalog.TableFiles;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import io.ledgerconnect.source.record.Ledger;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.TableMapping;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ReplicationStream;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.snapshot.RowLookup;
import io.ledgerconnect.source.snapshot.SnapshotTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session asks of the ledger over its connection for queries. Used by the capturing thread only. */
final class SessionLedger {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLedger.class);

    /** A server that is there answers sooner; one that went without a word is noticed within this time. */
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);

    private final Connection connection;
    private final SourceConfig config;
    private final LedgerDatabase database;
    private final CaptureWatch watch;
    private final LedgerCatalog catalog;
    private final TableMapper mapper;
    private final CaptureStart start;
    private final long openedMicros;

    private ServerTime latest;
    private boolean warnedOfNotes;

    SessionLedger(Connection connection, SourceConfig config, LedgerDatabase database, CaptureWatch watch)
            throws SQLException {
        this.connection = connection;
        this.config = config;
        this.database = database;
        this.watch = watch;
        this.catalog = new LedgerCatalog(connection);
        this.mapper = new TableMapper(config, connection, catalog);
        this.start = new CaptureStart(config, database, connection, catalog);
        this.latest = time();
        this.openedMicros = latest.micros();
    }

    /** The server's clock, µs since 1970, and where its WAL ended then or a little later. */
    record ServerTime(long micros, long walLsn) {}

    /** What the reader of a stream asks. */
    private record Questions(SessionLedger ledger, StreamIdentity identity) implements Ledger {
        @Override
        public TableMapping resolve(Relation relation, TableKey known) throws SQLException {
            return ledger.mapping(relation, identity, known);
        }

        @Override
        public Tuple find(String copyStatement) throws SQLException {
            return RowLookup.first(ledger.connection, copyStatement);
        }
    }

    Ledger questions(StreamIdentity identity) {
        return new Questions(this, identity);
    }

    boolean hasSlot() throws SQLException {
        return start.hasSlot();
    }

    /** See {@link CaptureStart#prepare}. */
    CaptureStart.Beginning prepare(Connection replication) throws SQLException {
        CaptureStart.Beginning beginning = start.prepare(replication);
        tell();
        return beginning;
    }

    /** See {@link CaptureStart#resume}. */
    SourceOffset resume(SourceOffset offset, Connection replication) throws SQLException {
        SourceOffset resumed = start.resume(offset, replication);
        tell();
        return resumed;
    }

    private void tell() throws SQLException {
        watch.restrictions().tell(catalog);
        watch.insertOnly().tell(catalog);
    }

    SourceOffset atSlot(CaptureStart.Beginning beginning) throws SQLException {
        return start.atSlot(beginning);
    }

    StreamIdentity atSnapshot(CaptureStart.Beginning beginning, Slot.ExportedSnapshot snapshot) {
        return start.atSnapshot(beginning, snapshot);
    }

    /** What the present catalogue says of going on with snapshots that are interrupted. */
    SnapshotResumption resumption() throws SQLException {
        return new SnapshotResumption(config, connection, start.publication());
    }

    /** When the session began, by the server's clock. */
    long openedMicros() {
        return openedMicros;
    }

    /** Makes queries fail that are not answered in time. Not before a slot is created: that waits for transactions. */
    void boundAnswers() throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) ANSWER_PATIENCE.toMillis());
    }

    /** Sees how the slot stands, if it is time. */
    void watchSlot() {
        watch.slot().look(connection);
    }

    /**
     * Notes that what was read was read through an unaltered publication. Before every watermark.
     *
     * @throws org.apache.kafka.connect.errors.ConnectException when it was altered
     */
    void requirePublication(TransactionReader reader) throws SQLException {
        reader.readThrough(start.publicationWatch()
                .requireUnaltered(
                        reader.publication(), reader.keys(), reader.checkpoint().lsn()));
    }

    Slot.ExportedSnapshot export(Connection exporter) throws SQLException {
        String slot = Slot.temporaryName(config.slotName());
        try (SlotWait wait = SlotWait.begin(connection, slot)) {
            return Slot.exportSnapshot(exporter, slot);
        }
    }

    /** Notes in the WAL how far Kafka has a snapshot; what the WAL had before is on the server's disk then. */
    void noteSnapshot(SourceOffset reached) {
        try {
            SnapshotNote.write(connection, config, reached);
        } catch (SQLException e) {
            if (!warnedOfNotes) {
                warnedOfNotes = true;
                SnapshotNote.warnOfUnwritten(config, e);
            }
        }
    }

    /** What an earlier worker noted of its snapshot, and did not live to store as an offset. */
    Optional<SourceOffset> notedSnapshot(BooleanSupplier stopped) throws SQLException, InterruptedException {
        if (!start.hasReadableSlot() || start.publication().isEmpty()) {
            return Optional.empty();
        }
        Optional<SourceOffset> noted;
        try (ReplicationStream stream = ReplicationStream.start(
                database.connectForReplication(), config.slotName(), config.publicationName(), 0)) {
            noted = SnapshotNote.find(stream, config, time().walLsn(), stopped);
        }
        Slot.awaitFree(connection, config.slotName());
        noted.map(SourceOffset::checkpoint)
                .filter(Checkpoint::snapshotComplete)
                .ifPresent(checkpoint -> LOG.info(
                        "An earlier worker has sent the snapshot of stream {} whole and did not live to store its offset;"
                                + " the stream goes on after it",
                        checkpoint.identity().stream()));
        return noted;
    }

    /** The keys of what was changed from {@code fromLsn} on; nothing was read yet. */
    ChangesSince changesSince(Checkpoint checkpoint, long fromLsn) {
        return new ChangesSince(config, database, connection, questions(checkpoint.identity()), checkpoint, fromLsn);
    }

    /**
     * The tables to be read, whose files are as {@code view} sees them. Those without a key come first: they have to be
     * read in one transaction, and the others need not wait in it.
     */
    List<SnapshotTable> snapshotTables(StreamIdentity identity, Map<String, TableKey> keys, Connection view)
            throws SQLException {
        Map<String, Publication.Member> members =
                start.publication().map(Publication::tables).orElse(Map.of());
        List<SnapshotTable> tables = new ArrayList<>();
        for (LedgerTable table : start.tables()) {
            Publication.Member member = members.get(table.name());
            tables.add(new SnapshotTable(
                    table,
                    mapper.mapping(table.relation(), table.primaryKey(), identity, keys.get(table.name())),
                    member == null ? null : member.rowFilter(),
                    TableFiles.of(view, table)));
        }
        tables.sort(Comparator.comparing(table -> table.mapping().hasKey()));
        return tables;
    }

    /** Whatever was committed before now has its commit record before it. */
    long insertLsn() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_insert_lsn()::text")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
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
            watch.progress().server(time.walLsn(), time.micros());
            return time;
        }
    }
}
