package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.check.CaptureChecks;
import io.ledgerconnect.source.check.Finding;
import io.ledgerconnect.source.check.PublicationSetup;
import io.ledgerconnect.source.check.SlotChecks;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.config.TableFilter;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.SnapshotRequest;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ServerIdentity;
import io.ledgerconnect.source.replication.Slot;
import io.ledgerconnect.source.replication.TimelineHistory;
import io.ledgerconnect.source.request.RequestMessage;
import io.ledgerconnect.source.request.RequestWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides, with every check, where a stream begins or goes on. Used by one thread only. */
final class CaptureStart {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureStart.class);

    /** Seen by the statement itself, or only by the index. */
    private static final Set<String> CREATED_MEANWHILE = Set.of("42710", "23505");

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Connection connection;
    private final LedgerCatalog catalog;
    private final PublicationWatch watch;

    /** What a stream begins with: everything after this is read from this server and through this publication. */
    record Beginning(ServerIdentity server, PublicationVersion publication) {}

    CaptureStart(SourceConfig config, LedgerDatabase database, Connection connection, LedgerCatalog catalog) {
        this.config = config;
        this.database = database;
        this.connection = connection;
        this.catalog = catalog;
        this.watch = new PublicationWatch(config, database, connection, catalog);
    }

    PublicationWatch publicationWatch() {
        return watch;
    }

    /** The captured tables as they are now. */
    List<LedgerTable> tables() throws SQLException {
        return catalog.tables(config.tables()::includes, publication());
    }

    Optional<Publication> publication() throws SQLException {
        return catalog.publication(config.publicationName());
    }

    boolean hasSlot() throws SQLException {
        return Slot.find(connection, config.slotName()).isPresent();
    }

    /** Whether there is a slot from which this capture could read; {@link #prepare} says what is wrong with another. */
    boolean hasReadableSlot() throws SQLException {
        Optional<Slot> slot = Slot.find(connection, config.slotName());
        return slot.isPresent()
                && !slot.get().lost()
                && "pgoutput".equals(slot.get().plugin())
                && connection.getCatalog().equals(slot.get().database());
    }

    /** Two captures of one ledger may start at the same time; the one that comes second looks what the other made. */
    private void createPublication(String statement) throws SQLException {
        try (Statement create = connection.createStatement()) {
            create.execute(statement);
        } catch (SQLException e) {
            if (!CREATED_MEANWHILE.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            LOG.info("Publication {} was created by somebody else meanwhile", config.publicationName());
            check();
        }
    }

    /** Creates what is missing for a new stream, after every check. */
    Beginning prepare(Connection replication) throws SQLException {
        check();
        warnOfEncoding();
        ServerIdentity server = ServerIdentity.read(replication);
        if (publication().isEmpty()) {
            String statement = PublicationSetup.statement(config, tables());
            LOG.info("Creating the publication: {}", statement);
            createPublication(statement);
        }
        PublicationVersion version = watch.now();
        if (config.snapshotMode() != SnapshotMode.INITIAL_ONLY && !hasSlot()) {
            LOG.info("Creating replication slot {}; this waits for transactions that are under way", config.slotName());
            try (SlotWait wait = SlotWait.begin(connection, config.slotName())) {
                Slot.create(replication, config.slotName(), config.slotFailover());
            }
        }
        return new Beginning(server, version);
    }

    private void check() throws SQLException {
        requireNone(CaptureChecks.findings(config, connection, catalog, database.applicationName()));
    }

    private void warnOfEncoding() throws SQLException {
        if (catalog.setting("server_encoding").equals("SQL_ASCII")) {
            LOG.warn(
                    "The encoding of database {} is SQL_ASCII, so it takes any bytes for text. At the first that are not"
                            + " UTF-8 the capture stops, and begins anew only once they are corrected. docs/operations.md"
                            + " has a query that finds them",
                    config.connection().database());
        }
    }

    private static void requireNone(List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new ConnectException(findings.stream().map(Finding::sentence).collect(Collectors.joining(" ")));
        }
    }

    /** The offset of a stream that begins where the slot stands, without a snapshot. */
    SourceOffset atSlot(Beginning beginning) throws SQLException {
        ServerIdentity server = beginning.server();
        long lsn = Slot.find(connection, config.slotName())
                .orElseThrow(() -> new SQLException("Replication slot " + config.slotName() + " is gone", "42704"))
                .confirmedFlushLsn();
        StreamIdentity identity = new StreamIdentity(server.source(), server.timeline(), config.slotName(), lsn, false);
        LOG.info("The stream {} begins without a snapshot at {}", identity.stream(), Lsn.format(lsn));
        return new SourceOffset(
                Checkpoint.begin(identity, true, lsn, config.counting(), beginning.publication()), 0, 0);
    }

    /** A stream that begins with a snapshot. */
    StreamIdentity atSnapshot(Beginning beginning, Slot.ExportedSnapshot snapshot) {
        ServerIdentity server = beginning.server();
        StreamIdentity identity = new StreamIdentity(
                server.source(), server.timeline(), config.slotName(), snapshot.consistentLsn(), true);
        LOG.info(
                "The stream {} begins with a snapshot as of {}",
                identity.stream(),
                Lsn.format(snapshot.consistentLsn()));
        return identity;
    }

    /** Whether the capture can go on from an offset without a loss; the offset on the server's current timeline. */
    SourceOffset resume(SourceOffset offset, Connection replication) throws SQLException {
        ServerIdentity server = ServerIdentity.read(replication);
        StreamIdentity identity = offset.checkpoint().identity();
        if (!server.source().equals(identity.source())) {
            throw new ConnectException(CaptureChecks.otherSource(identity.source(), server.source()));
        }
        if (!identity.slot().equals(config.slotName())) {
            throw new ConnectException("The stored offset belongs to replication slot " + identity.slot()
                    + ", slot.name says " + config.slotName() + ": the one slot does not know what the other has sent."
                    + " Set slot.name=" + identity.slot() + ", or begin a new capture with another topic.prefix");
        }
        checkTimeline(offset, server, replication);
        SlotChecks slot = new SlotChecks(connection, config, database.applicationName());
        slot.unusable().ifPresent(sentence -> {
            throw new ConnectException(sentence);
        });
        slot.missingAfter(offset).ifPresent(sentence -> {
            throw new LostChangesException(sentence);
        });
        Checkpoint checkpoint = offset.checkpoint();
        watch.requireUnaltered(checkpoint.publication(), checkpoint.keys(), checkpoint.lsn());
        checkPublication();
        requireNone(CaptureChecks.publication(config, connection, catalog, database.applicationName()));
        askForAdded(checkpoint);
        LOG.info("The stream {} goes on from {}", identity.stream(), Lsn.format(checkpoint.lsn()));
        return offset.onTimeline(server.timeline());
    }

    /** After a failover or a restore, the server's history must contain everything that was captured. */
    private static void checkTimeline(SourceOffset offset, ServerIdentity server, Connection replication)
            throws SQLException {
        FormerPrimary.refuse(offset, server);
        int stored = offset.checkpoint().identity().timeline();
        long captured = offset.furthestLsn();
        long end = server.timeline() == stored
                ? server.walLsn()
                : TimelineHistory.read(replication, server.timeline()).endOf(stored);
        if (Long.compareUnsigned(captured, end) > 0) {
            throw new ConnectException("The ledger's history on timeline " + stored + " ends at " + Lsn.format(end)
                    + ", but changes through " + Lsn.format(captured) + " were captured (the server is on timeline "
                    + server.timeline() + "): it was restored to an earlier point, or a failover lost its last"
                    + " transactions. The reporting store holds changes that the ledger no longer has. Begin a new capture"
                    + " with another topic.prefix and slot.name, into a new pipeline with empty tables");
        }
    }

    /**
     * Asks for the rows of tables that only the present settings capture: their changes until now were passed over. It
     * stands in the WAL before the stream goes on.
     */
    private void askForAdded(Checkpoint checkpoint) throws SQLException {
        TableFilter before = config.counting(checkpoint.settings()).tables();
        List<SnapshotRequest.Table> added = new ArrayList<>();
        for (LedgerTable table : tables()) {
            if (!before.includes(table.name()) && !isEmpty(table)) {
                requireKey(table);
                added.add(new SnapshotRequest.Table(table.name(), ""));
            }
        }
        if (!added.isEmpty()) {
            StreamIdentity identity = checkpoint.identity();
            String id = "added to " + identity.slot() + " at " + Lsn.format(checkpoint.lsn());
            try {
                new RequestWriter(config, identity.source().toString())
                        .write(connection, RequestMessage.begin(SnapshotRequest.begin(id, identity.slot(), added)));
            } catch (SQLException e) {
                if (SqlFault.of(e) == SqlFault.RETRIABLE) {
                    throw e;
                }
                throw notAdded(added, e);
            }
            LOG.info("Tables {} were not captured before: their rows are read while the stream goes on", names(added));
        }
    }

    /** Rows that are read while the stream goes on are told from those that change meanwhile by their keys. */
    private void requireKey(LedgerTable table) {
        if (table.recordKey().isEmpty()
                && config.messageKeys().columns(table.name()).isEmpty()) {
            throw new ConnectException("Table " + table.name()
                    + " was not captured before and has no key, so its rows cannot be read while the stream goes on: nobody"
                    + " could tell which were changed meanwhile. Capture it with a connector of its own (another topic.prefix"
                    + " and slot.name), whose first snapshot has them, or leave it out");
        }
    }

    private static ConnectException notAdded(List<SnapshotRequest.Table> added, SQLException cause) {
        return new ConnectException(
                "Tables " + names(added)
                        + " were not captured before, so their rows and their changes until now are missing from the"
                        + " stream, and they cannot be read while it goes on: " + cause.getMessage()
                        + ". Mend it, or leave them out",
                cause);
    }

    private static String names(List<SnapshotRequest.Table> tables) {
        return tables.stream().map(SnapshotRequest.Table::name).collect(Collectors.joining(", "));
    }

    private boolean isEmpty(LedgerTable table) throws SQLException {
        try (Statement query = connection.createStatement();
                var row = query.executeQuery("SELECT NOT EXISTS (SELECT FROM " + PublicationSetup.name(table) + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void checkPublication() throws SQLException {
        Optional<Publication> publication = publication();
        String lacking = tables().stream()
                .map(LedgerTable::name)
                .filter(name ->
                        publication.isEmpty() || !publication.get().tables().containsKey(name))
                .collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            throw new ConnectException(
                    "Publication " + config.publicationName() + " lacks " + lacking
                            + ": changes made while they were not in it are missing from the stream. Leave them out with"
                            + " table.exclude.list, or capture them with a connector of their own, whose snapshot has them whole");
        }
    }
}
