package io.ledgerconnect.sink.database;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What may be told of a failed statement in exceptions and logs: never a value of a row.
 *
 * <p>The server's detail and hint quote rows, so they are never told; nor is what the driver says of a batch, which
 * quotes its parameters. The server's sentence itself is told except where it, or a trigger's RAISE, may quote values:
 * there the names that the server gave stand in its place.
 */
public final class ToldFault {
    /** PL/pgSQL, data, constraints, internal errors. */
    private static final Set<String> QUOTING_CLASSES = Set.of("P0", "22", "23", "XX");
    /** The server's function that carries out a RAISE, which may choose any SQLSTATE. */
    private static final String RAISE = "exec_stmt_raise";

    private ToldFault() {}

    /** As a message names the fault: {@code (SQLSTATE 42501): permission denied for table transfers}. */
    public static String describe(SQLException exception) {
        return "(SQLSTATE " + exception.getSQLState() + "): " + text(exception);
    }

    /** The exception, to be chained as a cause: its stack and its SQLSTATE, and of its text what may be told. */
    public static SQLException cause(SQLException exception) {
        SQLException told = new SQLException(text(exception), exception.getSQLState(), causeOf(exception));
        told.setStackTrace(exception.getStackTrace());
        return told;
    }

    private static Throwable causeOf(SQLException exception) {
        if (exception.getCause() instanceof SQLException inner) {
            return cause(inner);
        }
        return quotes(exception) ? null : exception.getCause();
    }

    private static String text(SQLException exception) {
        if (exception instanceof BatchUpdateException && exception.getCause() instanceof SQLException inner) {
            return text(inner);
        }
        if (quotes(exception)) {
            String names = names(serverMessage(exception));
            return (names.isEmpty() ? "" : names + "; ")
                    + "the server's message may quote values and stands in its own log only";
        }
        ServerErrorMessage server = serverMessage(exception);
        return server == null ? exception.getMessage() : server.getMessage();
    }

    private static boolean quotes(SQLException exception) {
        String state = String.valueOf(exception.getSQLState());
        ServerErrorMessage server = serverMessage(exception);
        return QUOTING_CLASSES.stream().anyMatch(state::startsWith)
                || exception instanceof BatchUpdateException
                || (server != null && RAISE.equals(server.getRoutine()));
    }

    private static ServerErrorMessage serverMessage(SQLException exception) {
        return exception instanceof PSQLException answer ? answer.getServerErrorMessage() : null;
    }

    private static String names(ServerErrorMessage server) {
        if (server == null) {
            return "";
        }
        return Stream.of(
                        named("schema", server.getSchema()),
                        named("table", server.getTable()),
                        named("constraint", server.getConstraint()),
                        named("routine", server.getRoutine()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
    }

    private static String named(String kind, String name) {
        return name == null ? null : kind + " " + name;
    }
}
