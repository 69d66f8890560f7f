package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.TableMapping;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ServerIdentity;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.snapshot.RowLookup;
import io.ledgerconnect.source.snapshot.SnapshotTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a session asks of the ledger over its connection for queries. Used by the capturing thread only. */
final class SessionLedger {
    /** A server that is there answers sooner; one that went without a word is noticed within this time. */
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);

    private final Connection connection;
    private final SourceConfig config;
    private final CaptureWatch watch;
    private final LedgerCatalog catalog;
    private final TableMapper mapper;
    private final CaptureStart start;
    private final long openedMicros;

    private ServerTime latest;

    SessionLedger(Connection connection, SourceConfig config, LedgerDatabase database, CaptureWatch watch)
            throws SQLException {
        this.connection = connection;
        this.config = config;
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
    private record Questions(SessionLedger ledger, StreamIdentity identity) implements TransactionReader.Ledger {
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

    TransactionReader.Ledger questions(StreamIdentity identity) {
        return new Questions(this, identity);
    }

    boolean hasSlot() throws SQLException {
        return start.hasSlot();
    }

    /** See {@link CaptureStart#prepare}. */
    ServerIdentity prepare(Connection replication) throws SQLException {
        ServerIdentity server = start.prepare(replication);
        watch.restrictions().tell(catalog);
        return server;
    }

    /** See {@link CaptureStart#resume}. */
    SourceOffset resume(SourceOffset offset, Connection replication) throws SQLException {
        SourceOffset resumed = start.resume(offset, replication);
        watch.restrictions().tell(catalog);
        return resumed;
    }

    SourceOffset atSlot(ServerIdentity server) throws SQLException {
        return start.atSlot(server);
    }

    SourceOffset atSnapshot(ServerIdentity server, Slot.ExportedSnapshot snapshot) {
        return start.atSnapshot(server, snapshot);
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

    Slot.ExportedSnapshot export(Connection exporter) throws SQLException {
        String slot = Slot.temporaryName(config.slotName());
        try (SlotWait wait = SlotWait.begin(connection, slot)) {
            return Slot.exportSnapshot(exporter, slot);
        }
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
            watch.progress().server(time.walLsn(), time.micros());
            return time;
        }
    }
}
