package io.ledgerconnect.source.check;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.util.PSQLException;

/**
 * A text that is not UTF-8, in a ledger of the encoding SQL_ASCII. The server itself refuses to send it, and does not
 * say of which column it is; its own message has the first bytes, so it is not repeated.
 */
public final class UnreadableText {
    private static final String SQL_STATE = "22021";
    /** The context of an error in logical decoding ends with it, in every language. */
    private static final Pattern LSN = Pattern.compile("LSN ([0-9A-F]+/[0-9A-F]+)");

    private UnreadableText() {}

    public static boolean is(SQLException cause) {
        return SQL_STATE.equals(cause.getSQLState());
    }

    public static ConnectException inStream(SQLException cause) {
        return of(position(cause).map(lsn -> "The change at " + lsn + " of").orElse("A change of"), cause);
    }

    public static ConnectException inTable(String table, SQLException cause) {
        return of("A row of table " + table + " in", cause);
    }

    private static Optional<String> position(SQLException cause) {
        if (cause instanceof PSQLException server
                && server.getServerErrorMessage() != null
                && server.getServerErrorMessage().getWhere() != null) {
            Matcher lsn = LSN.matcher(server.getServerErrorMessage().getWhere());
            return lsn.find() ? Optional.of(lsn.group(1)) : Optional.empty();
        }
        return Optional.empty();
    }

    private static ConnectException of(String what, SQLException cause) {
        return new ConnectException(
                what + " the ledger has a text that is not UTF-8, as a database of the encoding SQL_ASCII takes it, and"
                        + " another text in its place would be wrong. Nothing from it on is sent. Correct such texts in"
                        + " the ledger (docs/operations.md has a query that finds them), and begin anew with a fresh snapshot",
                cause);
    }
}
