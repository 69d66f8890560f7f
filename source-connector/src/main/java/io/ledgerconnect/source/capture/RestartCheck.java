package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.check.CaptureChecks;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.OffsetCheck;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.record.StreamState;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.ServerIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the ledger whether a capture could go on from an offset, before it is stored. */
public final class RestartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RestartCheck.class);

    private static final String MENDS =
            " Put back, whole and unchanged, what GET /connectors/NAME/offsets showed earlier,"
                    + " or DELETE /connectors/NAME/offsets to begin anew with a fresh snapshot";

    private final SourceConfig config;
    private final LedgerDatabase database;

    private RestartCheck(SourceConfig config) {
        this.config = config;
        this.database = new LedgerDatabase(config.connection(), config.connectorName());
    }

    /** The stored offset is deleted: the next capture begins anew, whatever the ledger's WAL knows of this one. */
    public static void forget(SourceConfig config) {
        LedgerDatabase database = new LedgerDatabase(config.connection(), config.connectorName());
        try (Connection connection = database.connect()) {
            SnapshotNote.erase(connection, config);
        } catch (SQLException e) {
            LOG.warn(
                    "The {} cannot be told that the offset is deleted: {}. If its last snapshot was sent less than some"
                            + " minutes ago, the capture goes on after it instead of reading another",
                    database,
                    e.getMessage());
        }
    }

    /**
     * Returns when a task would go on from the offset without a loss. An offset of an unfinished snapshot asks for
     * nothing but that it is of this ledger: the snapshot goes on, or begins anew.
     *
     * @param settings of the connector
     * @param offset as Connect would store it
     * @throws ConnectException with what is wrong with it, or when the ledger cannot be asked
     */
    public static void require(Map<String, String> settings, Map<String, ?> offset) {
        try {
            SourceOffset restart = parse(offset);
            new RestartCheck(new SourceConfig(settings)).check(restart, OffsetCheck.isEdited(offset));
        } catch (ConnectException e) {
            throw new ConnectException(
                    "This offset cannot be taken; the stored offset stays as it is. " + e.getMessage(), e);
        }
    }

    private static SourceOffset parse(Map<String, ?> offset) {
        try {
            return SourceOffset.parse(offset);
        } catch (IllegalArgumentException e) {
            throw new ConnectException("It is none of this connector: " + e.getMessage() + '.' + MENDS, e);
        }
    }

    private void check(SourceOffset offset, boolean edited) {
        Checkpoint checkpoint = offset.checkpoint();
        try (Connection connection = database.connect();
                Connection replication = database.connectForReplication()) {
            ServerIdentity server = ServerIdentity.read(replication);
            requireSource(checkpoint.identity(), server);
            requireReached(offset, server);
            if (checkpoint.snapshotComplete()) {
                new CaptureStart(config, database, connection, new LedgerCatalog(connection))
                        .resume(offset, replication);
            }
        } catch (SQLException e) {
            throw new ConnectException(
                    "Whether the " + database + " still has everything after this offset cannot be asked: "
                            + e.getMessage() + ". Try again when it can be reached",
                    e);
        }
        new StreamState(checkpoint, config.partitions(), config.counting()); // refuses other numbers of partitions
        if (edited) {
            throw new ConnectException("The offset at " + Lsn.format(checkpoint.lsn())
                    + " was edited after it was stored: a position under the sequences of another leaves changes out, or"
                    + " numbers them twice, and nothing shows it." + MENDS);
        }
    }

    private static void requireSource(StreamIdentity identity, ServerIdentity server) {
        if (!server.source().equals(identity.source())) {
            throw new ConnectException(CaptureChecks.otherSource(identity.source(), server.source()));
        }
    }

    private static void requireReached(SourceOffset offset, ServerIdentity server) {
        if (Long.compareUnsigned(offset.furthestLsn(), server.walLsn()) > 0) {
            throw new ConnectException("Its position " + Lsn.format(offset.furthestLsn())
                    + " is beyond the end of the ledger's WAL at " + Lsn.format(server.walLsn())
                    + ": what the ledger commits until it has come there would be missing." + MENDS);
        }
    }
}
