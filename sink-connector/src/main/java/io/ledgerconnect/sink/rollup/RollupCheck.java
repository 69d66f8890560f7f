package io.ledgerconnect.sink.rollup;

import io.ledgerconnect.sink.config.Rollup;
import io.ledgerconnect.sink.config.Rollup.Function;
import io.ledgerconnect.sink.config.Rollup.Group;
import io.ledgerconnect.sink.config.Rollup.Measure;
import io.ledgerconnect.sink.config.RollupSettings;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.enrich.Problem;
import io.ledgerconnect.sink.target.TargetColumn;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;

/** Whether a rollup can be kept of a table that is there; asks the server, and changes nothing. */
final class RollupCheck {
    private static final Set<String> EXACT = Set.of("smallint", "integer", "bigint", "numeric");

    /** Equal values of these may look different, so which one stands for a group would be left to chance. */
    private static final Set<String> EQUAL_BUT_DIFFERENT = Set.of("real", "double precision", "interval", "citext");

    private static final String ZONED = "timestamp with time zone";
    private static final Set<String> TIMES = Set.of(ZONED, "timestamp without time zone", "date");

    private final Connection connection;
    private final TargetTable table;
    private final Rollup rollup;
    private final String settings;
    private final TableMode mode;
    private final Set<String> toCome;
    private final List<Problem> problems = new ArrayList<>();

    private RollupCheck(Connection connection, Tables tables, TargetTable table, Rollup rollup) {
        this.connection = connection;
        this.table = table;
        this.rollup = rollup;
        this.settings = tables.settingsName(table.name());
        this.toCome = Set.copyOf(tables.of(table.name()).enrichments().columns());
        this.mode = tables.of(table.name()).mode();
    }

    /** A table cannot be its own rollup, nor that of two. */
    static Optional<Problem> ofName(Tables tables, TableName source, Rollup rollup) {
        TableName name = rollup.tableBeside(source);
        String setting = RollupSettings.table(tables.settingsName(source), rollup);
        if (name.equals(source) || tables.byName().containsKey(name.toString())) {
            return Optional.of(new Problem(
                    setting, name + " is a table that the sink writes rows to: give the rollup a table of its own"));
        }
        long same = tables.rolledUp().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(other -> other.tableBeside(entry.getKey())))
                .filter(name::equals)
                .count();
        return same > 1
                ? Optional.of(
                        new Problem(setting, "Two rollups would be kept in " + name + ": give each a table of its own"))
                : Optional.empty();
    }

    static List<Problem> problems(Connection connection, Tables tables, TargetTable table, Rollup rollup)
            throws SQLException {
        RollupCheck check = new RollupCheck(connection, tables, table, rollup);
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        Savepoint before = connection.setSavepoint();
        try {
            check.check();
        } finally {
            connection.rollback(before);
            if (autoCommit) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        return check.problems;
    }

    private void check() throws SQLException {
        String by = RollupSettings.by(settings, rollup);
        String columns = RollupSettings.columns(settings, rollup);
        boolean all = true;
        for (Group group : rollup.by()) {
            all &= has(by, group.column()) && isPossible(by, group);
        }
        for (Measure measure : rollup.measures()) {
            all &= measure.column().isEmpty() || (has(columns, measure.column().get()) && isPossible(columns, measure));
        }
        checkNames(columns);
        checkPrivilege();
        if (all && problems.isEmpty()) {
            execute(RollupSql.setAsInFunctions());
            checkWhere();
            if (problems.isEmpty()) {
                attempt(
                        columns,
                        "Rollup " + rollup.name() + " of " + table.name() + " cannot be computed",
                        "CREATE TEMPORARY VIEW ledger_connect_check AS " + new RollupSql(rollup, table, mode).all());
            }
        }
    }

    /** False when nothing more can be asked of the column; one that is to come is no problem. */
    private boolean has(String setting, String column) {
        if (!table.has(column) && !toCome.contains(column)) {
            add(
                    setting,
                    table.name() + " has no column " + column + "; it has "
                            + String.join(", ", table.columns().keySet()));
        }
        return table.has(column);
    }

    private boolean isPossible(String setting, Group group) {
        TargetColumn column = table.columns().get(group.column());
        String type = column.castSql();
        if (group.bucket().isEmpty()) {
            if (EQUAL_BUT_DIFFERENT.contains(type)) {
                add(
                        setting,
                        "Values of column " + column.name() + " (" + type
                                + ") may be equal and look different, so that it"
                                + " would be left to chance what a group is called: compute a column of another type from"
                                + " it, with table." + settings + ".compute.NAME");
                return false;
            }
            return true;
        }
        String unit = group.bucket().get().unit();
        if (!TIMES.contains(type)) {
            add(setting, "Column " + column.name() + " is of type " + type + ", of which there is no " + unit);
            return false;
        }
        if (type.equals(ZONED) != group.zone().isPresent()) {
            add(
                    setting,
                    type.equals(ZONED)
                            ? "Column " + column.name() + " is a time in every zone, so its " + unit
                                    + " depends on a clock: write " + unit + "(" + column.name()
                                    + ", Asia/Seoul), or UTC"
                            : "Column " + column.name() + " (" + type + ") has no time zone, so it cannot be told in"
                                    + " another one: write " + unit + "(" + column.name() + ")");
            return false;
        }
        if (type.equals("date") && !group.bucket().get().isDate()) {
            add(setting, "Column " + column.name() + " is a date, which has no " + unit);
            return false;
        }
        return true;
    }

    private boolean isPossible(String setting, Measure measure) {
        TargetColumn column = table.columns().get(measure.column().orElseThrow());
        String type = column.castSql();
        boolean compared = measure.function() == Function.MIN || measure.function() == Function.MAX;
        if (measure.function() == Function.SUM && !EXACT.contains(type)) {
            add(
                    setting,
                    "A sum of column " + column.name() + " (" + type + ") would depend on the order in which rows come,"
                            + " or there is none: sums are kept of smallint, integer, bigint and numeric; compute a column"
                            + " from it, with table." + settings + ".compute.NAME");
        } else if (compared
                && EQUAL_BUT_DIFFERENT.contains(type)
                && !type.startsWith("double")
                && !type.equals("real")) {
            add(
                    setting,
                    "Values of column " + column.name() + " (" + type + ") may be equal and look different, so that it"
                            + " would be left to chance which one is kept: compute a column of another type from it");
        } else if (measure.function() == Function.LAST && type.endsWith("[]")) {
            add(setting, "last(" + column.name() + ") is not possible, as the column is an array");
        } else {
            return true;
        }
        return false;
    }

    private void checkNames(String setting) {
        Set<String> groups = new HashSet<>();
        rollup.by().forEach(group -> groups.add(group.name()));
        for (Measure measure : rollup.measures()) {
            if (groups.contains(measure.name())) {
                add(
                        setting,
                        "The rollup would have two columns " + measure.name()
                                + ", also one by which rows are grouped: give one another name, with as NAME");
            }
        }
    }

    private void checkPrivilege() throws SQLException {
        try (var query = connection.prepareStatement("SELECT pg_catalog.has_table_privilege(c.oid, 'TRIGGER'),"
                + " current_user FROM pg_catalog.pg_class c WHERE c.oid = ?::regclass")) {
            query.setString(1, table.name().sql());
            try (var row = query.executeQuery()) {
                if (row.next() && !row.getBoolean(1)) {
                    add(
                            RollupSettings.names(settings),
                            "Role " + row.getString(2) + " may not create triggers on " + table.name()
                                    + ", which keep up its rollups: GRANT TRIGGER ON "
                                    + table.name().sql() + " TO "
                                    + TableName.quote(row.getString(2)));
                }
            }
        }
    }

    /** As a generated column of a copy, which the server takes only if it is immutable and of the row alone. */
    private void checkWhere() throws SQLException {
        if (rollup.where().isEmpty()) {
            return;
        }
        execute("CREATE TEMPORARY TABLE ledger_connect_rows (LIKE "
                + table.name().sql() + ")");
        attempt(
                RollupSettings.where(settings, rollup),
                "The condition cannot be asked of rows of " + table.name(),
                "ALTER TABLE pg_temp.ledger_connect_rows ADD COLUMN ledger_connect_where boolean GENERATED ALWAYS AS ("
                        + rollup.where().get() + ") STORED");
    }

    /** What the server has against a statement; it names columns, types and functions, as no row is touched. */
    private void attempt(String setting, String text, String sql) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(sql);
        } catch (PSQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (e.getServerErrorMessage() == null
                    || !(state.startsWith("42") || state.startsWith("0A") || state.startsWith("22"))) {
                throw e;
            }
            connection.rollback(before);
            add(setting, text + ": " + e.getServerErrorMessage().getMessage());
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void add(String setting, String sentence) {
        problems.add(new Problem(setting, sentence));
    }
}
