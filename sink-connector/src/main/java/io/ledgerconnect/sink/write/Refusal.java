package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.RefusedException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A change that its table cannot hold.
 *
 * @param reason without any value of the row
 * @param serverMessage what the server said, which may quote values; null when it was not asked
 */
public record Refusal(TableName table, Change change, String reason, String sqlState, String serverMessage) {
    static Refusal of(TableName table, Change change, RefusedException refused) {
        String serverMessage = refused.getCause() instanceof SQLException cause ? cause.getMessage() : null;
        return new Refusal(table, change, refused.getMessage(), refused.sqlState(), serverMessage);
    }

    /**
     * What is wrong with the rows of a statement that failed because of them.
     *
     * @throws SQLException the same, when it failed for another reason
     */
    static RefusedException fault(SQLException exception) throws SQLException {
        boolean keysMeet = "21000".equals(exception.getSQLState()) || "27000".equals(exception.getSQLState());
        if (!keysMeet && SqlFault.of(exception) != SqlFault.DATA) {
            throw exception;
        }
        return new RefusedException(reason(exception), exception.getSQLState(), exception);
    }

    /** Names only what is not a value: the server's sentence may quote one. */
    private static String reason(SQLException exception) {
        String kind = exception.getSQLState().startsWith("23") ? "a constraint of the table" : "a column's type";
        ServerErrorMessage server = exception instanceof PSQLException answer ? answer.getServerErrorMessage() : null;
        String names = server == null
                ? ""
                : Stream.of(
                                named("column", server.getColumn()),
                                named("constraint", server.getConstraint()),
                                named("type", server.getDatatype()))
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(", "));
        return "the row does not fit " + kind + (names.isEmpty() ? "" : " (" + names + ")");
    }

    private static String named(String kind, String name) {
        return name == null ? null : kind + " " + name;
    }

    /** As a person reads it; no value of the row is in it. */
    public String describe() {
        return "Table " + table + " refused the record at " + change.place() + ", "
                + change.operation().code() + " of "
                + change.channel().table() + " at position " + change.position() + ": " + reason
                + (sqlState == null ? "" : " (SQLSTATE " + sqlState + ")");
    }
}
