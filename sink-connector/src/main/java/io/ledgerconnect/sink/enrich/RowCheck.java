package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.Enrichment.EnrichedColumn;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.TargetColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;

/**
 * Asks the server whether rows with certain columns can be enriched, without reading or writing any: joins become
 * temporary views, and expressions temporary generated columns, which the server accepts only if they are immutable and
 * without subqueries and aggregates. Everything is taken back.
 */
final class RowCheck {
    private static final String TEXT = "text";
    private static final String VARCHAR = "character varying";
    private static final String NOT_IMMUTABLE = "42P17";

    /** @param types of the columns that rows get, as far as nothing is wrong with them */
    record Result(List<Problem> problems, Map<String, String> types) {}

    private final Connection connection;
    private final EnrichedTable table;
    private final String settings;
    /** Of the enriched table as it is; those that it lacks are to be added. */
    private final Map<String, TargetColumn> present;

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, String> types = new LinkedHashMap<>();

    private RowCheck(Connection connection, EnrichedTable table, Map<String, TargetColumn> present) {
        this.connection = connection;
        this.table = table;
        this.settings = table.settingsName();
        this.present = present;
    }

    /**
     * Within a transaction of the connection.
     *
     * @param row the columns that rows have before they are enriched, with their types
     * @param present the columns of the enriched table
     */
    static Result check(
            Connection connection,
            EnrichedTable table,
            EnrichmentSql sql,
            Map<String, String> row,
            Map<String, TargetColumn> present)
            throws SQLException {
        RowCheck check = new RowCheck(connection, table, present);
        Savepoint before = connection.setSavepoint();
        try {
            check.checkAll(sql, row);
        } finally {
            connection.rollback(before);
        }
        return new Result(check.problems, check.types);
    }

    private void checkAll(EnrichmentSql sql, Map<String, String> row) throws SQLException {
        Set<String> known = new LinkedHashSet<>(row.keySet());
        for (Dimension dimension : sql.dimensions()) {
            problems.addAll(DimensionCheck.problems(table, dimension));
            checkRowColumns(dimension, row.keySet(), known);
            dimension.settings().columns().forEach(column -> known.add(column.name()));
        }
        if (!problems.isEmpty()) {
            return;
        }
        execute("CREATE TEMPORARY TABLE r ("
                + row.entrySet().stream()
                        .map(column -> TableName.quote(column.getKey()) + ' ' + column.getValue())
                        .collect(Collectors.joining(", "))
                + ")");
        for (Dimension dimension : sql.dimensions()) {
            checkJoin(dimension);
            Map<String, String> given = new LinkedHashMap<>();
            dimension.settings().columns().forEach(column -> given.put(column.name(), addType(dimension, column)));
            given.keySet().removeAll(types.keySet()); // two of one name are told elsewhere
            addToRows(given);
            types.putAll(given);
        }
        if (problems.isEmpty()) {
            Map<String, String> computed = new LinkedHashMap<>();
            for (Map.Entry<String, String> column : table.computed().entrySet()) {
                checkExpression(column.getKey(), column.getValue(), computed);
            }
            types.putAll(computed);
        }
    }

    /** @param known the row's columns and those of earlier enrichments */
    private void checkRowColumns(Dimension dimension, Set<String> row, Set<String> known) {
        Enrichment join = dimension.settings();
        requireKnown(EnrichSettings.on(settings, join), dimension.rowColumns(), known);
        if (join.asOf() instanceof AsOf.Time time) {
            requireKnown(EnrichSettings.asOf(settings, join), List.of(time.ofRow()), known);
        }
        for (EnrichedColumn column : join.columns()) {
            if (row.contains(column.name())) {
                addProblem(
                        EnrichSettings.columns(settings, join),
                        "The ledger's table for " + table.name() + " has a column " + column.name()
                                + " itself: give that of " + table.dimension(join) + " another name, with "
                                + column.ofDimension() + " as NAME");
            }
        }
    }

    private void requireKnown(String setting, List<String> columns, Set<String> known) {
        for (String column : columns) {
            if (!known.contains(column)) {
                addProblem(
                        setting,
                        "Rows of " + table.name() + " have no column " + column + " by which to join; they have "
                                + String.join(", ", known)
                                + (givesLater(column)
                                        ? ". An enrichment further back in the list gives it: put that one before"
                                        : ""));
            }
        }
    }

    private boolean givesLater(String column) {
        return table.joins().stream()
                .flatMap(join -> join.columns().stream())
                .anyMatch(given -> given.name().equals(column));
    }

    private void checkJoin(Dimension dimension) throws SQLException {
        Enrichment join = dimension.settings();
        String text = "Rows of " + table.name() + " cannot be joined with the dimension table "
                + dimension.table().name();
        String view = "CREATE OR REPLACE TEMPORARY VIEW j AS SELECT r.* FROM pg_temp.r r";
        Optional<Problem> wrong = attempt(
                EnrichSettings.on(settings, join),
                text,
                view + ", " + dimension.table().name().sql() + " d WHERE " + dimension.sameKey());
        if (wrong.isEmpty()) {
            wrong = attempt(EnrichSettings.asOf(settings, join), text, view + EnrichmentSql.join(dimension, "e"));
        }
        wrong.ifPresent(problems::add);
    }

    private String addType(Dimension dimension, EnrichedColumn column) {
        TargetColumn source = dimension.table().columns().get(column.ofDimension());
        TargetColumn target = present.get(column.name());
        String setting = EnrichSettings.columns(settings, dimension.settings());
        if (target != null && !holds(target, source)) {
            addProblem(
                    setting,
                    "Column " + column.name() + " of " + table.name() + " is of type " + target.baseTypeSql()
                            + ", and that of " + dimension.table().name() + " of type " + source.baseTypeSql()
                            + ": ALTER TABLE " + table.name().sql() + " ALTER COLUMN " + TableName.quote(column.name())
                            + " TYPE " + source.baseTypeSql());
        }
        rejectGenerated(setting, target);
        return source.baseTypeSql();
    }

    /** Without rounding or cutting off. */
    private static boolean holds(TargetColumn target, TargetColumn source) {
        String type = target.baseTypeSql();
        return type.equals(source.baseTypeSql())
                || type.equals(source.castSql())
                || (type.equals(TEXT) && source.castSql().equals(VARCHAR));
    }

    private void rejectGenerated(String setting, TargetColumn target) {
        if (target != null && target.isGenerated()) {
            addProblem(
                    setting,
                    "The server makes the values of column " + target.name() + " of " + table.name()
                            + " itself, so it takes none: give the column another name, or ALTER COLUMN … DROP EXPRESSION");
        }
    }

    private void addToRows(Map<String, String> columns) throws SQLException {
        for (Map.Entry<String, String> column : columns.entrySet()) {
            execute("ALTER TABLE pg_temp.r ADD COLUMN " + TableName.quote(column.getKey()) + ' ' + column.getValue());
        }
    }

    private void checkExpression(String column, String expression, Map<String, String> computed) throws SQLException {
        String setting = EnrichSettings.compute(settings, column);
        TargetColumn target = present.get(column);
        String text = "The expression for " + column + " of " + table.name() + " cannot be computed";
        String view = "CREATE OR REPLACE TEMPORARY VIEW x AS SELECT (" + expression + ") AS v FROM pg_temp.r r";
        var wrong = attempt(setting, text, "DROP VIEW IF EXISTS pg_temp.x; " + view);
        if (wrong.isEmpty()) {
            String type = target == null ? typeOfView() : target.baseTypeSql();
            computed.put(column, type);
            wrong = attempt(
                    setting,
                    text,
                    "ALTER TABLE pg_temp.r ADD COLUMN ledger_connect_computed " + type + " GENERATED ALWAYS AS ("
                            + expression + ") STORED; ALTER TABLE pg_temp.r DROP COLUMN ledger_connect_computed");
        }
        wrong.ifPresent(problems::add);
        rejectGenerated(setting, target);
    }

    private String typeOfView() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
                                + " WHERE attrelid = 'pg_temp.x'::regclass AND attnum = 1")) {
            row.next();
            return row.getString(1);
        }
    }

    /** What the server has against a statement; it names columns, types and functions, as no row is touched. */
    private Optional<Problem> attempt(String setting, String text, String sql) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(sql);
            connection.releaseSavepoint(before);
            return Optional.empty();
        } catch (PSQLException e) {
            connection.rollback(before);
            String state = String.valueOf(e.getSQLState());
            if (e.getServerErrorMessage() == null
                    || !(state.startsWith("42") || state.startsWith("0A") || state.startsWith("22"))) {
                throw e;
            }
            return Optional.of(new Problem(
                    setting,
                    text + ": " + e.getServerErrorMessage().getMessage()
                            + (state.equals(NOT_IMMUTABLE)
                                    ? ". Two clusters would compute two values: use functions that depend on their arguments"
                                            + " alone, such as _committed_at AT TIME ZONE 'Asia/Seoul'"
                                    : "")));
        }
    }

    private void addProblem(String setting, String sentence) {
        problems.add(new Problem(setting, sentence));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
