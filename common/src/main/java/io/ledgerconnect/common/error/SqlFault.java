package io.ledgerconnect.common.error;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What kind of fault an {@link SQLException} reports. This is the one place that decides it. */
public enum SqlFault {
    /** The environment: connection, lock, disk, memory, a server that restarts or is read-only. Heals with time. */
    RETRIABLE,
    /** The data: SQLSTATE classes 22 and 23. Another record in its place would be written. */
    DATA,
    /** The statement, the role or the server's set-up. Only a person can mend it. */
    FATAL;

    private static final Set<String> RETRIABLE_CLASSES = Set.of(
            "08", // connection
            "40", // rolled back: serialization, deadlock
            "53", // out of disk, memory, connections
            "57", // shut down, cancelled, starting up
            "58"); // I/O error
    private static final Set<String> RETRIABLE_STATES = Set.of(
            "25006", // read-only: a failover is under way
            "25P03", // the server ended a transaction that was idle for too long: its client was frozen
            "25P04", // the same for one that lasted too long
            "55006", // object in use, such as a slot still held by a dying session
            "55P03", // lock not available
            "26000"); // a prepared statement went with its session (proxies)

    /** A file of the server's is gone, such as WAL that was removed: it does not come back. */
    private static final String MISSING_FILE = "58P01";

    public static SqlFault of(SQLException exception) {
        String state = exception.getSQLState();
        if (state == null || state.length() < 2) {
            return isTransient(exception) ? RETRIABLE : FATAL;
        }
        if (state.equals(MISSING_FILE)) {
            return FATAL;
        }
        if (RETRIABLE_CLASSES.contains(state.substring(0, 2)) || RETRIABLE_STATES.contains(state)) {
            return RETRIABLE;
        }
        if (state.startsWith("22") || state.startsWith("23")) {
            return DATA;
        }
        return state.equals("0A000") && isOutlivedPlan(exception) ? RETRIABLE : FATAL;
    }

    /**
     * A cached plan outlived an ALTER TABLE; the next preparation succeeds. The server's function tells it from other
     * features not supported: the message is in the server's language.
     */
    private static boolean isOutlivedPlan(SQLException exception) {
        ServerErrorMessage message = exception instanceof PSQLException server ? server.getServerErrorMessage() : null;
        return message != null && "RevalidateCachedQuery".equals(message.getRoutine());
    }

    private static boolean isTransient(SQLException exception) {
        return exception instanceof SQLTransientException || exception.getCause() instanceof IOException;
    }
}
