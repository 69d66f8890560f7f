package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.config.ConnectionSettings;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.SQLException;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/** What a capture says when the ledger's answer is one that does not heal. */
final class CaptureFault {
    /** Not permitted, no such role or not allowed to log in, wrong password. */
    private static final Set<String> REVOKED = Set.of("42501", "28000", "28P01");

    private CaptureFault() {}

    static ConnectException of(SQLException cause, LedgerDatabase database, SourceConfig config) {
        return new ConnectException(
                "The capture of " + database + " ended: " + cause.getMessage() + " (SQLSTATE " + cause.getSQLState()
                        + "). "
                        + (REVOKED.contains(cause.getSQLState())
                                ? revoked(config.connection())
                                : "Mend what it names and restart the task, which looks whether the slot still has"
                                        + " everything before it goes on"),
                cause);
    }

    /** Only here is it certain that the slot still has everything. */
    private static String revoked(ConnectionSettings connection) {
        String role = connection.user();
        return "Nothing is lost: the slot holds what follows. Give role " + role + " back what it had (ALTER ROLE "
                + role
                + " LOGIN REPLICATION; GRANT CONNECT ON DATABASE " + connection.database() + " TO " + role
                + "; and SELECT on the captured tables), or correct database.password, and restart the task";
    }
}
