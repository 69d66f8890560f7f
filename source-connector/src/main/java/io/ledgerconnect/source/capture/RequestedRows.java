package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.catalog.TableFile;
import io.ledgerconnect.source.catalog.TableFiles;
import io.ledgerconnect.source.config.AskedKeys;
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
    private static final int KEYS_OF_A_PIECE = 500;
    private static final String DATA_EXCEPTION = "22";

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
        Optional<SnapshotAsked> own = asked.filter(of -> of.id().equals(request.id()));
        Map<String, String> conditions = own.map(SnapshotAsked::conditions).orElse(Map.of());
        Map<String, String> keys = own.map(SnapshotAsked::keys).orElse(Map.of());
        List<SnapshotRequest.Table> tables = new ArrayList<>();
        for (LedgerTable table : captured(connection, any -> true)) {
            request.tables().stream()
                    .filter(wanted -> matches(wanted.name(), table.name()))
                    .findFirst()
                    .ifPresent(wanted -> tables.add(new SnapshotRequest.Table(
                            table.name(),
                            conditions.getOrDefault(table.name(), wanted.condition()),
                            keys.containsKey(table.name()))));
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
        if (request.table().isByKeys()) {
            return sendKeyed(connection, request, table);
        }
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

    /** The next of the rows that are asked for by their keys. */
    private boolean sendKeyed(Connection connection, SnapshotRequest request, SnapshotTable table)
            throws SQLException, InterruptedException {
        AskedKeys keys = keys(request);
        int from = (int) request.place().block();
        int to = Math.min(keys.keys().size(), from + KEYS_OF_A_PIECE);
        boolean isLast = to == keys.keys().size();
        connection.setAutoCommit(false);
        try {
            Optional<PieceRows> rows = inState(
                    connection,
                    PieceReader.name(table),
                    () -> Optional.of(PieceReader.read(connection, table, keys.part(from, to))));
            if (rows.isPresent()) {
                FilePlace next = new FilePlace(0, 0, to, keys.keys().size());
                write(connection, RequestMessage.rows(request.id(), request.pieces() + 1, next, isLast, rows));
                connection.commit();
            }
            return rows.isPresent();
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION)) {
                // Without what the server says of it, which quotes the value.
                throw new ConnectException(SnapshotAsked.KEYS + request.table().name()
                        + " has a text that is no value of its column's type, among the " + (to - from)
                        + " from number "
                        + (from + 1) + " on (SQLSTATE " + e.getSQLState() + ')');
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private AskedKeys keys(SnapshotRequest request) {
        String setting = SnapshotAsked.KEYS + request.table().name();
        try {
            return config.askedSnapshot()
                    .filter(asked -> asked.id().equals(request.id()))
                    .flatMap(asked -> asked.keysOf(request.table().name()))
                    .orElseThrow(() -> new ConnectException(setting + " has the keys no more that it asked for"));
        } catch (IllegalArgumentException e) {
            throw new ConnectException(setting + " cannot be read: " + e.getMessage(), e);
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
        TableFile file = extent.file().orElseThrow();
        return inState(
                connection,
                "ONLY " + PieceReader.name(table, file),
                () -> isStill(connection, file) ? reader.read(connection, table, extent, condition) : Optional.empty());
    }

    private static boolean isStill(Connection connection, TableFile file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String fileNode = ask(
                    statement, "SELECT pg_catalog.pg_relation_filenode(" + Integer.toUnsignedString(file.oid()) + ")");
            return Long.toString(file.fileNode()).equals(fileNode);
        }
    }

    private interface Read {
        Optional<PieceRows> rows() throws SQLException;
    }

    /** Reads in a state of the database that has everything that the stream has brought. */
    private Optional<PieceRows> inState(Connection connection, String table, Read read)
            throws SQLException, InterruptedException {
        for (int attempt = 0; attempt < VISIBLE_ATTEMPTS; attempt++) {
            try (Statement statement = connection.createStatement()) {
                // Locked before the state is fixed that the rows are read from: it is that of the file.
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                statement.execute(SnapshotView.IN_ORDER);
                statement.execute("LOCK TABLE " + table + " IN ACCESS SHARE MODE");
                Visible state = Visible.parse(ask(statement, "SELECT pg_catalog.pg_current_snapshot()::text"));
                if (delivered.areAll(state::shows)) {
                    return read.rows();
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
