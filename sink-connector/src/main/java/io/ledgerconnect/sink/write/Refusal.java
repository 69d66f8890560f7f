package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.enrich.EnrichmentSql;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.RefusedException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A change that its table cannot hold.
 *
 * @param reason without any value of the row, and of ASCII but for names, as the reporting store's encoding may have
 *     nothing else
 * @param serverMessage what the server said, which may quote values; null when it was not asked
 */
public record Refusal(TableName table, Change change, String reason, String sqlState, String serverMessage) {
    private static final String UNIQUE = "23505";
    private static final String FOREIGN_KEY = "23503";
    private static final String UNTRANSLATABLE = "22P05";

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
        Optional<String> dimension = missingDimension(exception);
        if (dimension.isPresent()) {
            return "dimension " + dimension.get()
                    + " of its enrichment has no row for it, and quarantine is set for that. Once it"
                    + " has one, have the row sent again with ledger-connect repair";
        }
        if (UNTRANSLATABLE.equals(exception.getSQLState())) {
            return "the row has a character that the encoding of the reporting store lacks, which a database of the"
                    + " encoding UTF8 would hold";
        }
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
        return "the row does not fit " + kind + (names.isEmpty() ? "" : " (" + names + ")")
                + (namesConstraint(server) ? mend(exception.getSQLState(), server) : "");
    }

    private static Optional<String> missingDimension(SQLException exception) {
        String message = String.valueOf(exception.getMessage());
        int begin = message.indexOf(EnrichmentSql.MISSING);
        int end = message.indexOf(EnrichmentSql.MISSING_AT, begin);
        return begin < 0 || end < 0
                ? Optional.empty()
                : Optional.of(message.substring(begin + EnrichmentSql.MISSING.length(), end));
    }

    /** What a trigger raises may leave names out. */
    private static boolean namesConstraint(ServerErrorMessage server) {
        return server != null
                && server.getSchema() != null
                && server.getTable() != null
                && server.getConstraint() != null;
    }

    /** Where the ledger's rows fulfil the constraint, and only their order or the batch's end does not. */
    private static String mend(String sqlState, ServerErrorMessage server) {
        String constraint = TableName.quote(server.getConstraint());
        String drop = "ALTER TABLE " + new TableName(server.getSchema(), server.getTable()).sql() + " DROP CONSTRAINT "
                + constraint;
        return switch (sqlState) {
            case UNIQUE ->
                ". Rows that exchange a value need a unique constraint that is checked at the end: " + drop
                        + ", ADD CONSTRAINT " + constraint
                        + " UNIQUE (...) DEFERRABLE INITIALLY DEFERRED; or none, as they may come in different batches";
            case FOREIGN_KEY ->
                ". Changes of different tables arrive in any order; unless the other row is missing in the ledger too: "
                        + drop;
            default -> "";
        };
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
