package io.ledgerconnect.sink.rollup;

import io.ledgerconnect.sink.config.Rollup;
import io.ledgerconnect.sink.config.Rollup.Function;
import io.ledgerconnect.sink.config.Rollup.Measure;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.TargetTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements that keep up one rollup. Triggers of the table whose rows it sums up stage what a statement adds to
 * each group and takes from it; one function folds what is staged into the rollup's table, group by group in their
 * order.
 *
 * <p>Counts and sums are added. A smallest, largest or last value that may have been taken away is looked up again in
 * the rows of its group, as is a sum that is not a finite number.
 */
final class RollupSql {
    /** What the text of values depends on, of which a group's number is made; and where names are looked up. */
    private static final List<String> SETTINGS = List.of(
            "search_path = pg_catalog, pg_temp",
            "timezone = 'UTC'",
            "datestyle = 'ISO, YMD'",
            "intervalstyle = 'postgres'",
            "bytea_output = 'hex'",
            "extra_float_digits = 1");

    /** The session's setting with the ids of the rollups that its transaction folds itself. */
    private static final String FOLDED_AT_THE_END = "ledger_connect.rollups";

    private static final String NOT_FINITE = "('NaN', 'Infinity', '-Infinity')";

    private final Rollup rollup;
    private final TargetTable source;
    private final RollupQueries queries;
    private final TableName table;
    private final String id;

    RollupSql(Rollup rollup, TargetTable source, TableMode mode) {
        this.rollup = rollup;
        this.source = source;
        this.queries = new RollupQueries(rollup, source, mode);
        this.table = rollup.tableBeside(source.name());
        String identity = source.name().sql() + ' ' + rollup.name();
        this.id = UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 16);
    }

    TableName table() {
        return table;
    }

    TableName source() {
        return source.name();
    }

    String name() {
        return rollup.name();
    }

    /** Everything that decides what is in the table. */
    String definition() {
        return Stream.of(fillFunction(), stageFunction(), foldFunction(), types())
                .collect(Collectors.joining("\n"));
    }

    /** The types that the rollup's follow. */
    private String types() {
        return rollup.columnsRead()
                .map(column -> column + ' ' + source.columns().get(column).baseTypeSql())
                .collect(Collectors.joining(", "));
    }

    private String stage() {
        return "pg_temp.ledger_connect_rollup_" + id;
    }

    private String stageName() {
        return "ledger_connect.rollup_" + id + "_stage";
    }

    private String foldName() {
        return "ledger_connect.rollup_" + id + "_fold";
    }

    private String fillName() {
        return "ledger_connect.rollup_" + id + "_fill";
    }

    /** Has expressions read in the rest of the transaction as the functions read them. */
    static String setAsInFunctions() {
        return SETTINGS.stream().map(setting -> "SET LOCAL " + setting).collect(Collectors.joining("; "));
    }

    /** Says that this transaction folds these rollups at its end. Others are folded by each statement. */
    static String foldAtTheEnd(Collection<RollupSql> rollups) {
        return "SET LOCAL " + FOLDED_AT_THE_END + " = "
                + RollupQueries.literal(
                        rollups.stream().map(rollup -> rollup.id).collect(Collectors.joining(" ")));
    }

    /** A query for all groups, also to try whether there can be such a rollup. */
    String all() {
        return queries.all();
    }

    /** Folds what was staged in this transaction. */
    String foldCall() {
        return foldName() + "()";
    }

    /** The triggers' names. */
    List<String> triggerNames() {
        return Stream.of("insert", "update", "delete", "truncate")
                .map(event -> "ledger_connect_rollup_" + id + '_' + event)
                .toList();
    }

    /** Creates functions and triggers, in the place of those that are there. */
    List<String> createTriggers() {
        List<String> statements = new ArrayList<>();
        statements.add(foldFunction());
        statements.add(stageFunction());
        List<String> names = triggerNames();
        String on = " ON " + source.name().sql() + ' ';
        String run = "FOR EACH STATEMENT EXECUTE FUNCTION " + stageName() + "()";
        names.forEach(name -> statements.add(
                "DROP TRIGGER IF EXISTS " + name + " ON " + source.name().sql()));
        statements.add(
                "CREATE TRIGGER " + names.get(0) + " AFTER INSERT" + on + "REFERENCING NEW TABLE AS added " + run);
        statements.add("CREATE TRIGGER " + names.get(1) + " AFTER UPDATE" + on
                + "REFERENCING OLD TABLE AS removed NEW TABLE AS added " + run);
        statements.add(
                "CREATE TRIGGER " + names.get(2) + " AFTER DELETE" + on + "REFERENCING OLD TABLE AS removed " + run);
        statements.add("CREATE TRIGGER " + names.get(3) + " AFTER TRUNCATE" + on + run);
        return statements;
    }

    /** Creates the table and fills it. Nobody may write the rows meanwhile. */
    List<String> createTable() {
        String keys =
                rollup.by().stream().map(group -> TableName.quote(group.name())).collect(Collectors.joining(", "));
        return List.of(
                fillFunction(),
                "DO $$ BEGIN PERFORM " + fillName() + "(); END $$",
                "ALTER TABLE " + table.sql() + " ADD PRIMARY KEY (_group), ALTER COLUMN _rows SET NOT NULL",
                "CREATE INDEX ON " + table.sql() + " (" + keys + ")",
                "COMMENT ON TABLE " + table.sql() + " IS "
                        + RollupQueries.literal(
                                "Rollup " + rollup.name() + " of " + source.name() + ", kept up by Ledger Connect"));
    }

    /** A function, so that the first groups have their numbers from the same texts as those that come later. */
    private String fillFunction() {
        return function(fillName(), "void", false, "", "CREATE TABLE " + table.sql() + " AS " + queries.all() + ';');
    }

    /**
     * Runs for each statement that writes the rows. Where the transaction is not one of a sink that folds this rollup
     * at the end, it folds at once: the sink may not have it set.
     */
    private String stageFunction() {
        String added = queries.rows("1 AS sign, ", "added", "true");
        String removed = queries.rows("-1 AS sign, ", "removed", "true");
        String create =
                "CREATE TEMPORARY TABLE " + stage().substring("pg_temp.".length()) + " ON COMMIT DELETE ROWS AS "
                        + queries.differences(queries.rows("1 AS sign, ", "true")) + " WITH NO DATA";
        return function(
                stageName(),
                "trigger",
                true,
                "",
                requireOwn()
                        + """
                IF pg_catalog.to_regclass(%1$s) IS NULL THEN
                    %2$s;
                END IF;
                CASE TG_OP
                WHEN 'INSERT' THEN INSERT INTO %3$s %4$s;
                WHEN 'DELETE' THEN INSERT INTO %3$s %5$s;
                WHEN 'UPDATE' THEN INSERT INTO %3$s %6$s;
                ELSE
                    DELETE FROM %3$s;
                    DELETE FROM %7$s;
                END CASE;
                IF pg_catalog.strpos(coalesce(pg_catalog.current_setting(%9$s, true), ''), %10$s) = 0 THEN
                    PERFORM %8$s;
                END IF;
                RETURN NULL;""".formatted(
                                        RollupQueries.literal(stage()),
                                        create,
                                        stage(),
                                        queries.differences(added),
                                        queries.differences(removed),
                                        queries.differences(added + " UNION ALL " + removed),
                                        table.sql(),
                                        foldCall(),
                                        RollupQueries.literal(FOLDED_AT_THE_END),
                                        RollupQueries.literal(id)));
    }

    /** What runs as its owner must not read what somebody else has put in the stage's place. */
    private String requireOwn() {
        return """
                IF EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(%s)
                           AND (c.relkind <> 'r' OR c.relowner <> current_user::pg_catalog.regrole)) THEN
                    RAISE EXCEPTION '%s was not made by the rollup %s: drop it' USING ERRCODE = '42501';
                END IF;
                """.formatted(
                        RollupQueries.literal(stage()),
                        stage(),
                        rollup.name().replace("'", "''").replace("%", "%%"));
    }

    private String foldFunction() {
        return function(
                foldName(),
                "void",
                true,
                "DECLARE ledger_connect_stale uuid[];",
                requireOwn()
                        + """
                IF pg_catalog.to_regclass(%1$s) IS NULL THEN
                    RETURN;
                END IF;
                -- In one order, so that no two transactions wait for each other.
                PERFORM FROM %2$s r WHERE r._group IN (SELECT s._group FROM %3$s s) ORDER BY r._group FOR UPDATE;
                %4$s
                %5$s;
                %6$s
                DELETE FROM %2$s r WHERE r._rows = 0 AND r._group IN (SELECT s._group FROM %3$s s);
                DELETE FROM %3$s;""".formatted(
                                        RollupQueries.literal(stage()),
                                        table.sql(),
                                        stage(),
                                        findStale(),
                                        merge(),
                                        lookUpAgain()));
    }

    /** @param asOwner whether it may do what its owner may, whoever writes the rows */
    private String function(String name, String returns, boolean asOwner, String declare, String body) {
        return "CREATE OR REPLACE FUNCTION " + name + "() RETURNS " + returns + " LANGUAGE plpgsql"
                + (asOwner ? " SECURITY DEFINER" : "")
                + SETTINGS.stream().map(setting -> " SET " + setting).collect(Collectors.joining())
                + " AS $ledger_connect$ " + declare + " BEGIN\n" + body + "\nEND $ledger_connect$";
    }

    /** What was staged, one row {@code d} a group. */
    private String staged() {
        return "SELECT s._group, " + queries.each(rollup.by().size(), i -> "s.k" + i) + ", sum(s.n)::bigint AS n, "
                + queries.measures((measure, i) -> switch (measure.function()) {
                    case COUNT -> "sum(s.d" + i + ")::bigint AS d" + i;
                    case SUM -> "sum(s.d" + i + ") AS d" + i;
                    case MIN, MAX -> {
                        String extreme = measure.function().name();
                        yield extreme + "(s.a" + i + ") AS a" + i + ", " + extreme + "(s.r" + i + ") AS r" + i;
                    }
                    case LAST ->
                        "(array_agg(s.a" + i + " ORDER BY s.a_lsn DESC NULLS LAST, s.a_ord DESC NULLS LAST))[1] AS a"
                                + i;
                })
                + (rollup.hasLast()
                        ? ", max(s.a_lsn) AS a_lsn, max(s.r_lsn) AS r_lsn"
                                + ", (array_agg(s.a_ord ORDER BY s.a_lsn DESC NULLS LAST, s.a_ord DESC NULLS LAST))[1] AS a_ord"
                                + ", (array_agg(s.r_ord ORDER BY s.r_lsn DESC NULLS LAST, s.r_ord DESC NULLS LAST))[1] AS r_ord"
                        : "")
                + " FROM " + stage() + " s GROUP BY s._group, "
                + queries.each(rollup.by().size(), i -> "s.k" + i);
    }

    private List<String> staleConditions() {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < rollup.measures().size(); i++) {
            Measure measure = rollup.measures().get(i);
            String kept = "r." + TableName.quote(measure.name());
            switch (measure.function()) {
                case MIN -> conditions.add("d.r" + i + " <= least(" + kept + ", d.a" + i + ')');
                case MAX -> conditions.add("d.r" + i + " >= greatest(" + kept + ", d.a" + i + ')');
                case SUM -> {
                    if (mayBeNoNumber(measure)) {
                        conditions.add(kept + " IN " + NOT_FINITE + " OR d.d" + i + " IN " + NOT_FINITE);
                    }
                }
                case COUNT, LAST -> {}
            }
        }
        if (rollup.hasLast()) {
            conditions.add("d.r_lsn IS NOT NULL AND (d.a_lsn IS NULL OR (d.r_lsn, d.r_ord) >= (d.a_lsn, d.a_ord))"
                    + " AND (r._lsn IS NULL OR (d.r_lsn, d.r_ord) >= (r._lsn, r._ordinal))");
        }
        return conditions;
    }

    private String findStale() {
        List<String> conditions = staleConditions();
        if (conditions.isEmpty()) {
            return "";
        }
        return "ledger_connect_stale := ARRAY(SELECT d._group FROM (" + staged() + ") d LEFT JOIN " + table.sql()
                + " r ON r._group = d._group WHERE "
                + conditions.stream().map(condition -> '(' + condition + ')').collect(Collectors.joining(" OR "))
                + ");";
    }

    private String merge() {
        StringBuilder columns = new StringBuilder("_group, ")
                .append(queries.each(
                        rollup.by().size(),
                        i -> TableName.quote(rollup.by().get(i).name())))
                .append(", _rows, ")
                .append(queries.measures((measure, i) -> TableName.quote(measure.name())));
        StringBuilder values = new StringBuilder("d._group, ")
                .append(queries.each(rollup.by().size(), i -> "d.k" + i))
                .append(", d.n, ")
                .append(queries.measures((measure, i) -> switch (measure.function()) {
                    case COUNT -> "d.d" + i;
                    case SUM -> queries.plain(measure, "d.d" + i);
                    case MIN, MAX, LAST -> "d.a" + i;
                }));
        StringBuilder sets = new StringBuilder("_rows = r._rows + excluded._rows, ")
                .append(queries.measures((measure, i) -> {
                    String column = TableName.quote(measure.name());
                    String kept = "r." + column;
                    String come = "excluded." + column;
                    return column + " = "
                            + switch (measure.function()) {
                                case COUNT -> kept + " + " + come;
                                case SUM -> queries.plain(measure, kept + " + " + come);
                                case MIN -> "least(" + kept + ", " + come + ')';
                                case MAX -> "greatest(" + kept + ", " + come + ')';
                                case LAST -> "CASE WHEN " + isLater() + " THEN " + come + " ELSE " + kept + " END";
                            };
                }));
        if (rollup.hasLast()) {
            columns.append(", _lsn, _ordinal");
            values.append(", d.a_lsn, d.a_ord");
            sets.append(", _lsn = CASE WHEN ")
                    .append(isLater())
                    .append(" THEN excluded._lsn ELSE r._lsn END")
                    .append(", _ordinal = CASE WHEN ")
                    .append(isLater())
                    .append(" THEN excluded._ordinal ELSE r._ordinal END");
        }
        return "INSERT INTO " + table.sql() + " AS r (" + columns + ") SELECT " + values + " FROM (" + staged()
                + ") d ORDER BY d._group ON CONFLICT (_group) DO UPDATE SET " + sets;
    }

    private static String isLater() {
        return "excluded._lsn IS NOT NULL AND (r._lsn IS NULL OR (excluded._lsn, excluded._ordinal) >= (r._lsn, r._ordinal))";
    }

    /** Two statements: the common one, for groups without nulls, can use an index on the columns of the groups. */
    private String lookUpAgain() {
        if (staleConditions().isEmpty()) {
            return "";
        }
        String noNulls = rollup.by().stream()
                .map(group -> "r." + TableName.quote(group.name()) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return "IF ledger_connect_stale <> '{}' THEN\n" + lookUp(" = ", noNulls) + ";\n"
                + lookUp(" IS NOT DISTINCT FROM ", "NOT (" + noNulls + ")") + ";\nEND IF;";
    }

    /**
     * Counts and sums stay as they were added up: the rows may hold what another trigger of the same statement, such as
     * that of the inserts of an INSERT … ON CONFLICT, has still to stage. A sum that is no finite number is taken from
     * the rows once there are as many of them as were counted.
     */
    private String lookUp(String equal, String which) {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Measure measure : rollup.measures()) {
            String column = TableName.quote(measure.name());
            boolean sum = measure.function() == Function.SUM;
            if (sum ? mayBeNoNumber(measure) : measure.function() != Function.COUNT) {
                columns.add(column);
                values.add(
                        sum
                                ? "CASE WHEN r." + column + " IN " + NOT_FINITE + " AND w._rows = r._rows THEN w."
                                        + column + " ELSE r." + column + " END"
                                : "w." + column);
            }
        }
        if (rollup.hasLast()) {
            columns.addAll(List.of("_lsn", "_ordinal"));
            values.addAll(List.of("w._lsn", "w._ordinal"));
        }
        String same = rollup.by().stream()
                .map(group -> queries.key(group) + equal + "r." + TableName.quote(group.name()))
                .collect(Collectors.joining(" AND "));
        return "UPDATE " + table.sql() + " r SET (" + String.join(", ", columns) + ") = (SELECT "
                + String.join(", ", values) + " FROM (" + queries.groups(queries.rows("", same))
                + ") w) WHERE r._rows > 0 AND r._group = ANY (ledger_connect_stale) AND " + which;
    }

    /** Whether a sum can be NaN or infinite, of which nothing can be taken away. */
    private boolean mayBeNoNumber(Measure sum) {
        return source.columns().get(sum.column().orElseThrow()).castSql().equals("numeric");
    }
}
