package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.catalog.TableFile;
import io.ledgerconnect.source.catalog.TableFiles;
import io.ledgerconnect.source.config.SnapshotAsked;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.SnapshotRequest;
import io.ledgerconnect.source.offset.SnapshotRequest.FilePlace;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.TableMapping;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.request.DeliveredTransactions;
import io.ledgerconnect.source.request.PieceRows;
import io.ledgerconnect.source.request.RequestMessage;
import io.ledgerconnect.source.request.RequestWriter;
import io.ledgerconnect.source.snapshot.PieceReader;
import io.ledgerconnect.source.snapshot.SnapshotTable;
import io.ledgerconnect.source.snapshot.SnapshotView;
import io.ledgerconnect.source.snapshot.Visible;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the pieces of snapshots that are asked for, and writes them into the ledger's WAL. Used by one thread. */
final class RequestedRows {
    private static final Logger LOG = LoggerFactory.getLogger(RequestedRows.class);

    private static final long RETRY_MILLIS = 20;
    private static final int VISIBLE_ATTEMPTS = 250;

    private final SourceConfig config;
    private final StreamIdentity identity;
    private final RequestWriter writer;
    private final DeliveredTransactions delivered;
    private final PieceReader reader = new PieceReader();
    private final RequestMeter meter;
    private boolean toldOfWait;

    RequestedRows(SourceConfig config, TransactionReader stream, CaptureProgress progress) {
        this.meter = new RequestMeter(progress::requested);
        this.config = config;
        this.identity = stream.identity();
        this.delivered = stream.delivered();
        this.writer = new RequestWriter(config, identity.source().toString());
    }

    /**
     * The request with the names of its tables, to be read by this capture; empty, with a warning that says why, when
     * it cannot be read.
     */
    Optional<SnapshotRequest> resolve(Connection connection, SnapshotRequest request, Optional<SnapshotAsked> asked)
            throws SQLException {
        Map<String, String> conditions = asked.filter(of -> of.id().equals(request.id()))
                .map(SnapshotAsked::conditions)
                .orElse(Map.of());
        List<SnapshotRequest.Table> tables = new ArrayList<>();
        for (LedgerTable table : captured(connection, any -> true)) {
            request.tables().stream()
                    .filter(wanted -> matches(wanted.name(), table.name()))
                    .findFirst()
                    .ifPresent(wanted -> tables.add(new SnapshotRequest.Table(
                            table.name(), conditions.getOrDefault(table.name(), wanted.condition()))));
        }
        if (tables.isEmpty()) {
            LOG.warn(
                    "The snapshot '{}' that was asked for is not read: none of the captured tables is called {}",
                    request.id(),
                    request.tables().stream().map(SnapshotRequest.Table::name).toList());
            return Optional.empty();
        }
        LOG.info(
                "The snapshot '{}' that was asked for begins: {}",
                request.id(),
                tables.stream().map(SnapshotRequest.Table::name).toList());
        return Optional.of(SnapshotRequest.begin(request.id(), config.slotName(), tables));
    }

    private static boolean matches(String expression, String name) {
        try {
            return expression.equals(name) || Pattern.matches(expression, name);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private List<LedgerTable> captured(Connection connection, Predicate<String> which) throws SQLException {
        LedgerCatalog catalog = new LedgerCatalog(connection);
        Optional<Publication> publication = catalog.publication(config.publicationName());
        return catalog.tables(
                name -> which.test(name)
                        && config.tables().includes(name)
                        && publication.map(of -> of.tables().containsKey(name)).orElse(false),
                publication);
    }

    /** Writes a message, durably. */
    void write(Connection connection, RequestMessage message) throws SQLException {
        writer.write(connection, message);
    }

    /**
     * Reads the next piece and writes it, in one transaction: nobody can alter or truncate the table in between.
     *
     * @return false when it has to be tried again
     */
    boolean send(Connection connection, SnapshotRequest request) throws SQLException, InterruptedException {
        long piece = request.pieces() + 1;
        List<LedgerTable> found = captured(connection, request.table().name()::equals);
        if (found.isEmpty()) {
            LOG.warn(
                    "Table {} of the snapshot '{}' is not there any more, and passed over",
                    request.table(),
                    request.id());
            write(connection, RequestMessage.rows(request.id(), piece, FilePlace.BEGIN, true, Optional.empty()));
            return true;
        }
        SnapshotTable table = table(connection, found.get(0));
        measure(connection, request);
        PieceReader.Extent extent = reader.next(table.files(), request.place());
        if (extent.file().isEmpty()) {
            LOG.info(
                    "The snapshot '{}' has read table {} whole",
                    request.id(),
                    request.table().name());
            write(connection, RequestMessage.rows(request.id(), piece, FilePlace.BEGIN, true, Optional.empty()));
            return true;
        }
        connection.setAutoCommit(false);
        try {
            Optional<PieceRows> rows =
                    read(connection, table, extent, request.table().condition());
            if (rows.isPresent()) {
                write(connection, RequestMessage.rows(request.id(), piece, PieceReader.after(extent), false, rows));
                connection.commit();
                meter.read(
                        request.table().name(),
                        extent.to() - extent.from(),
                        rows.get().count());
            }
            return rows.isPresent();
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private void measure(Connection connection, SnapshotRequest request) throws SQLException {
        if (!meter.isOf(request.id())) {
            List<String> names =
                    request.tables().stream().map(SnapshotRequest.Table::name).toList();
            long pages = 0;
            for (LedgerTable table : captured(connection, names::contains)) {
                for (TableFile file : TableFiles.of(connection, table)) {
                    boolean isRead = table.name().equals(request.table().name())
                            && Integer.compareUnsigned(
                                            file.oid(), request.place().oid())
                                    < 0;
                    pages += isRead ? 0 : file.pages();
                }
            }
            meter.begin(request.id(), pages);
        }
    }

    private SnapshotTable table(Connection connection, LedgerTable table) throws SQLException {
        LedgerCatalog catalog = new LedgerCatalog(connection);
        List<TableFile> files = TableFiles.of(connection, table);
        if (!files.stream().allMatch(TableFile::hasPlaces)) {
            throw new SQLException(
                    "the role may not read the partitions of " + table.name()
                            + " by themselves: run GRANT SELECT on each of them",
                    "42501");
        }
        TableMapping mapping = new TableMapper(config, connection, catalog)
                .mapping(table.relation(), table.primaryKey(), identity, null);
        if (!mapping.hasKey()) {
            throw new ConnectException("table " + table.name()
                    + " has no key, so nobody could tell which of its rows were" + " changed while they are read");
        }
        String rowFilter = catalog.publication(config.publicationName())
                .map(publication -> publication.tables().get(table.name()))
                .map(Publication.Member::rowFilter)
                .orElse(null);
        return new SnapshotTable(table, mapping, rowFilter, files);
    }

    /** Empty when it has to be tried again. */
    private Optional<PieceRows> read(
            Connection connection, SnapshotTable table, PieceReader.Extent extent, String condition)
            throws SQLException, InterruptedException {
        for (int attempt = 0; attempt < VISIBLE_ATTEMPTS; attempt++) {
            try (Statement statement = connection.createStatement()) {
                // Locked before the state is fixed that the rows are read from: it is that of the file.
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                statement.execute(SnapshotView.IN_ORDER);
                TableFile file = extent.file().orElseThrow();
                statement.execute("LOCK TABLE ONLY " + PieceReader.name(table, file) + " IN ACCESS SHARE MODE");
                Visible state = Visible.parse(ask(statement, "SELECT pg_catalog.pg_current_snapshot()::text"));
                String fileNode = ask(
                        statement,
                        "SELECT pg_catalog.pg_relation_filenode(" + Integer.toUnsignedString(file.oid()) + ")");
                if (!Long.toString(file.fileNode()).equals(fileNode)) {
                    return Optional.empty();
                }
                if (delivered.areAll(state::shows)) {
                    return reader.read(connection, table, extent, condition);
                }
            }
            connection.rollback();
            tellOfWait(attempt);
            Thread.sleep(RETRY_MILLIS);
        }
        return Optional.empty();
    }

    private void tellOfWait(int attempt) {
        if (!toldOfWait && attempt > VISIBLE_ATTEMPTS / 2) {
            toldOfWait = true;
            LOG.warn(
                    "A snapshot that was asked for waits: transactions that the stream has brought are not visible yet."
                            + " Does a synchronous standby (synchronous_standby_names) not answer?");
        }
    }

    private static String ask(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
