package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view beside an append or history table that shows it as of the pipeline's {@code complete_through_lsn}: all rows
 * of the commits before it, and none of later ones: it is the end of a commit record, and the next may begin there.
 * Versions that ended later are valid in it.
 *
 * <p>It looks the table's pipeline up where the sink keeps it, so it stays right when another takes the table over, or
 * when the table is renamed. It has the table's columns in their order, so that one which is added comes last in both.
 */
public final class CompleteView {
    private static final Logger log = LoggerFactory.getLogger(CompleteView.class);

    private static final String SUFFIX = "_complete";
    /** The comment of a view that the sink made begins so. */
    private static final String MARK = "Kept by Ledger Connect: ";

    private static final String FIND = """
            SELECT coalesce(c.relkind = 'v' AND starts_with(pg_catalog.obj_description(c.oid, 'pg_class'), ?), false),
                   ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ?""";

    /** One row, also while nothing is known to be complete. The parameter is the table, as a literal. */
    private static final String THROUGH = """
            (SELECT (SELECT s.complete_through_lsn
                     FROM ledger_connect.target g
                     JOIN ledger_connect.status s ON (s.pipeline, s.source) = (g.pipeline, g.source)
                     WHERE g.target = (SELECT '"' || replace(n.nspname, '"', '""') || '"."'
                                              || replace(c.relname, '"', '""') || '"'
                                       FROM pg_catalog.pg_class c
                                       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                                       WHERE c.oid = %s::regclass)) AS lsn
             OFFSET 0)""";

    private record Existing(boolean isOurs, List<String> columns) {}

    private CompleteView() {}

    /** Its name, beside the table's. */
    public static TableName of(TableName table) {
        return new TableName(table.schema(), table.table() + SUFFIX);
    }

    /** Makes the view if it is not there, and adds the columns that the table got. */
    public static void ensure(Transaction transaction, TargetTable table, TableMode mode) throws SQLException {
        if (mode == TableMode.UPSERT || isThere(transaction, table)) {
            return;
        }
        AdvisoryLocks.schema(transaction);
        if (isThere(transaction, table)) {
            return; // another task was quicker
        }
        Optional<String> problem = problem(transaction.connection(), table);
        if (problem.isPresent()) {
            throw new ConnectException(problem.get());
        }
        TableName view = of(table.name());
        transaction.execute("CREATE OR REPLACE VIEW " + view.sql() + " AS " + definition(table, mode));
        transaction.execute("COMMENT ON VIEW " + view.sql() + " IS '" + MARK + "the table of this name without "
                + SUFFIX + ", as of complete_through_lsn of ledger_connect.status'");
        log.info("Made view {}", view);
    }

    /** Why the view of a table cannot be made, or lacks columns that cannot be added. */
    public static Optional<String> problem(Connection connection, TargetTable table) throws SQLException {
        TableName view = of(table.name());
        Optional<Existing> existing = find(connection, view);
        if (existing.isEmpty()) {
            return NameLimit.viewProblem(connection, view);
        }
        List<String> shown = existing.get().columns();
        if (!existing.get().isOurs()) {
            return Optional.of(view + " is there already, and the sink did not make it, so it is not replaced by a view"
                    + " of what is complete of " + table.name() + ": rename it, or set complete.views=false");
        }
        List<String> columns = List.copyOf(table.columns().keySet());
        return beginsWith(columns, shown) || beginsWith(shown, columns)
                ? Optional.empty()
                : Optional.of("View " + view + " shows the columns of " + table.name() + " as they were before it was"
                        + " altered, so what it shows is not what its columns say. Nothing of this batch is written. DROP"
                        + " VIEW " + view.sql() + ", and restart the task, which makes it anew");
    }

    private static boolean isThere(Transaction transaction, TargetTable table) throws SQLException {
        List<String> columns = List.copyOf(table.columns().keySet());
        return find(transaction.connection(), of(table.name()))
                .filter(view -> view.isOurs() && beginsWith(view.columns(), columns))
                .isPresent();
    }

    private static boolean beginsWith(List<String> columns, List<String> first) {
        return columns.size() >= first.size()
                && columns.subList(0, first.size()).equals(first);
    }

    private static Optional<Existing> find(Connection connection, TableName view) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(FIND)) {
            query.setString(1, MARK);
            query.setString(2, view.schema());
            query.setString(3, view.table());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Existing(row.getBoolean(1), List.of((String[])
                                row.getArray(2).getArray())))
                        : Optional.empty();
            }
        }
    }

    private static String definition(TargetTable table, TableMode mode) {
        String name = table.name().sql();
        return "SELECT "
                + table.columns().keySet().stream()
                        .map(column -> value(column, mode) + " AS " + TableName.quote(column))
                        .collect(Collectors.joining(", "))
                + " FROM " + name + " t CROSS JOIN " + THROUGH.formatted('\'' + name.replace("'", "''") + '\'')
                + " c WHERE t." + MetaColumns.LSN + " < c.lsn";
    }

    private static String value(String column, TableMode mode) {
        String plain = "t." + TableName.quote(column);
        if (mode != TableMode.HISTORY) {
            return plain;
        }
        String until = "t." + MetaColumns.UNTIL_LSN;
        return switch (column) {
            case MetaColumns.UNTIL_LSN, MetaColumns.UNTIL_ORDINAL, MetaColumns.UNTIL ->
                "CASE WHEN " + until + " < c.lsn THEN " + plain + " END";
            case MetaColumns.CURRENT -> "(" + until + " < c.lsn) IS NOT TRUE";
            default -> plain;
        };
    }
}
