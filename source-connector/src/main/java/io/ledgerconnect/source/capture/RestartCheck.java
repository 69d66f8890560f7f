package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;

/** Asks the ledger whether a capture could go on from an offset, before it is stored. */
public final class RestartCheck {
    private RestartCheck() {}

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
