package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the ledger whether a capture could go on from an offset, before it is stored. */
public final class RestartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RestartCheck.class);

    private RestartCheck() {}

    /** The stored offset is deleted: the next capture begins anew, whatever the ledger's WAL knows of this one. */
    public static void forget(SourceConfig config) {
        LedgerDatabase database = new LedgerDatabase(config.connection(), config.connectorName());
        try (Connection connection = database.connect()) {
            SnapshotNote.erase(connection, config.topicPrefix());
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
     * nothing: the snapshot begins anew.
     *
     * @throws ConnectException with the sentence with which a task would stop, or when the ledger cannot be asked
     */
    public static void require(SourceConfig config, SourceOffset offset) {
        if (!offset.checkpoint().snapshotComplete()) {
            return;
        }
        LedgerDatabase database = new LedgerDatabase(config.connection(), config.connectorName());
        try (Connection connection = database.connect();
                Connection replication = database.connectForReplication()) {
            new CaptureStart(config, database, connection, new LedgerCatalog(connection)).resume(offset, replication);
        } catch (SQLException e) {
            throw new ConnectException(
                    "Whether the " + database + " still has everything after this offset cannot be asked: "
                            + e.getMessage() + ". The stored offset stays as it is; try again when it can be reached",
                    e);
        }
    }
}
