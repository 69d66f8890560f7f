package io.ledgerconnect.cli.connection;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** SQL as the commands write it, and what they tell of a failed statement. */
public final class SqlText {
    /** SQLSTATE classes whose messages may quote values of rows: PL/pgSQL, data, constraints, internal errors. */
    private static final Set<String> QUOTING_CLASSES = Set.of("P0", "22", "23", "XX");

    private SqlText() {}

    /** An identifier in quotes, whatever it contains. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** As a message names a fault: {@code (SQLSTATE 42501): permission denied for table transfers}. */
    public static String describe(SQLException exception) {
        return "(SQLSTATE " + exception.getSQLState() + "): " + text(exception);
    }

    private static String text(SQLException exception) {
        String state = String.valueOf(exception.getSQLState());
        if (QUOTING_CLASSES.stream().anyMatch(state::startsWith)) {
            return "the server's message may quote values and stands in its own log only";
        }
        ServerErrorMessage server = exception instanceof PSQLException answer ? answer.getServerErrorMessage() : null;
        return server == null ? exception.getMessage() : server.getMessage();
    }
}
