package io.ledgerconnect.sink.rollup;

import io.ledgerconnect.sink.config.Rollup;
import io.ledgerconnect.sink.config.Rollup.Bucket;
import io.ledgerconnect.sink.config.Rollup.Function;
import io.ledgerconnect.sink.config.Rollup.Group;
import io.ledgerconnect.sink.config.Rollup.Measure;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TargetColumn;
import io.ledgerconnect.sink.target.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Queries of the rows that one rollup sums up: which they are, in which groups, and what they come to. */
final class RollupQueries {
    private static final Pattern NUMERIC = Pattern.compile("numeric\\(\\d+,(-?\\d+)\\)");

    private final Rollup rollup;
    private final TargetTable source;
    private final TableMode mode;

    RollupQueries(Rollup rollup, TargetTable source, TableMode mode) {
        this.rollup = rollup;
        this.source = source;
        this.mode = mode;
    }

    /** A query for all groups, also to try whether there can be such a rollup. */
    String all() {
        return groups(rows("1 AS sign, ", source.name().sql(), "true"));
    }

    /** Of rows {@code g}. */
    String groups(String rows) {
        return "SELECT " + number("g") + " AS _group, "
                + each(
                        rollup.by().size(),
                        i -> "g.k" + i + " AS "
                                + TableName.quote(rollup.by().get(i).name()))
                + ", count(*) AS _rows, "
                + measures((measure, i) -> whole(measure, i) + " AS " + TableName.quote(measure.name()))
                + (rollup.hasLast() ? ", max(g.lsn) AS _lsn, " + last("g.ord", "") + " AS _ordinal" : "")
                + " FROM (" + rows + ") g GROUP BY " + each(rollup.by().size(), i -> "g.k" + i);
    }

    private String whole(Measure measure, int i) {
        String value = "g.v" + i;
        return switch (measure.function()) {
            case COUNT -> measure.column().isEmpty() ? "count(*)" : "count(" + value + ')';
            case SUM -> plain(measure, "coalesce(sum(" + value + "), 0)");
            case MIN -> "min(" + value + ')';
            case MAX -> "max(" + value + ')';
            case LAST -> last(value, "");
        };
    }

    /** The value in the row that was changed last. */
    private static String last(String value, String filter) {
        return "(array_agg(" + value + " ORDER BY g.lsn DESC, g.ord DESC)" + filter + ")[1]";
    }

    /** The number of a group: equal for equal values, also where some are null. */
    private String number(String alias) {
        return "md5(ROW(" + each(rollup.by().size(), i -> alias + ".k" + i) + ")::text)::uuid";
    }

    String rows(String more, String condition) {
        return rows(more, source.name().sql(), condition);
    }

    /** The rows that count, with {@code k0…} by which they are grouped, {@code v0…}, and their positions. */
    String rows(String more, String from, String condition) {
        List<String> conditions = new ArrayList<>();
        conditions.add(condition);
        switch (mode) {
            case UPSERT -> {}
            case APPEND -> conditions.add("t._op IN ('r', 'c')");
            case HISTORY -> conditions.add("t._until_lsn IS NULL");
        }
        // Names in an expression are those of the row, whatever else this query has.
        String filtered = rollup.where()
                .map(expression -> "(SELECT * FROM " + from + " WHERE (" + expression + "))")
                .orElse(from);
        return "SELECT " + more + each(rollup.by().size(), i -> key(rollup.by().get(i)) + " AS k" + i)
                + IntStream.range(0, rollup.measures().size())
                        .filter(i -> rollup.measures().get(i).column().isPresent())
                        .mapToObj(i -> ", " + value(rollup.measures().get(i)) + " AS v" + i)
                        .collect(Collectors.joining())
                + (rollup.hasLast()
                        ? ", t." + MetaColumns.LSN + " AS lsn, "
                                + (source.has(MetaColumns.ORDINAL) ? "t." + MetaColumns.ORDINAL : "0::bigint")
                                + " AS ord"
                        : "")
                + " FROM " + filtered + " t WHERE " + String.join(" AND ", conditions);
    }

    private String value(Measure measure) {
        String column = measure.column().orElseThrow();
        boolean compared = measure.function() == Function.MIN || measure.function() == Function.MAX;
        String value = "t." + TableName.quote(column);
        return compared && isOfAnyScale(column) ? "trim_scale(" + value + ')' : value;
    }

    String key(Group group) {
        String column = "t." + TableName.quote(group.column());
        if (group.bucket().isEmpty()) {
            return isOfAnyScale(group.column()) ? "trim_scale(" + column + ')' : column;
        }
        Bucket bucket = group.bucket().get();
        String unit = literal(bucket.unit());
        if (bucket.isDate()) {
            String local = group.zone()
                    .map(zone -> '(' + column + " AT TIME ZONE " + literal(zone) + ')')
                    .orElse(column);
            return "date_trunc(" + unit + ", " + local + ")::date";
        }
        return "date_trunc(" + unit + ", " + column
                + group.zone().map(zone -> ", " + literal(zone)).orElse("") + ')';
    }

    /** Equal values of such a column may have other texts, 1.0 and 1.00, which come in any order. */
    private boolean isOfAnyScale(String column) {
        TargetColumn found = source.columns().get(column);
        return found != null && found.baseTypeSql().equals("numeric");
    }

    /** A sum whose text does not depend on what was added to it and taken away before. */
    String plain(Measure sum, String expression) {
        String type = source.columns().get(sum.column().orElseThrow()).baseTypeSql();
        Matcher scale = NUMERIC.matcher(type);
        return scale.matches()
                ? "round(" + expression + ", " + scale.group(1) + ')'
                : type.equals("numeric") ? "trim_scale(" + expression + ')' : expression;
    }

    String each(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(", "));
    }

    /** What a statement says of each measure. */
    interface OfMeasure {
        String text(Measure measure, int index);
    }

    String measures(OfMeasure text) {
        return each(rollup.measures().size(), i -> text.text(rollup.measures().get(i), i));
    }

    /** What a statement adds to each group ({@code a…}), takes away ({@code r…}), and the difference ({@code d…}). */
    String differences(String rows) {
        String added = " FILTER (WHERE g.sign > 0)";
        String removed = " FILTER (WHERE g.sign < 0)";
        return "SELECT " + number("g") + " AS _group, " + each(rollup.by().size(), i -> "g.k" + i)
                + ", sum(g.sign)::bigint AS n, "
                + measures((measure, i) -> {
                    String value = "g.v" + i;
                    return switch (measure.function()) {
                        case COUNT ->
                            measure.column().isEmpty()
                                    ? "sum(g.sign)::bigint AS d" + i
                                    : "count(" + value + ')' + added + " - count(" + value + ')' + removed + " AS d"
                                            + i;
                        case SUM ->
                            "coalesce(sum(" + value + ')' + added + ", 0) - coalesce(sum(" + value + ')' + removed
                                    + ", 0) AS d" + i;
                        case MIN, MAX -> {
                            String extreme = measure.function().name() + '(' + value + ')';
                            yield extreme + added + " AS a" + i + ", " + extreme + removed + " AS r" + i;
                        }
                        case LAST -> last(value, added) + " AS a" + i;
                    };
                })
                + (rollup.hasLast()
                        ? ", max(g.lsn)" + added + " AS a_lsn, " + last("g.ord", added) + " AS a_ord, max(g.lsn)"
                                + removed + " AS r_lsn, " + last("g.ord", removed) + " AS r_ord"
                        : "")
                + " FROM (" + rows + ") g GROUP BY " + each(rollup.by().size(), i -> "g.k" + i)
                + withoutDifference();
    }

    /** What changes no sum need not be staged. */
    private String withoutDifference() {
        boolean additive = rollup.measures().stream()
                .allMatch(measure -> measure.function() == Function.COUNT || measure.function() == Function.SUM);
        if (!additive) {
            return "";
        }
        String sums = IntStream.range(0, rollup.measures().size())
                .filter(i -> rollup.measures().get(i).column().isPresent())
                .mapToObj(i -> " OR count(g.v" + i + ") FILTER (WHERE g.sign > 0) <> count(g.v" + i
                        + ") FILTER (WHERE g.sign < 0)"
                        + (rollup.measures().get(i).function() == Function.SUM
                                ? " OR sum(g.v" + i + ") FILTER (WHERE g.sign > 0) IS DISTINCT FROM sum(g.v" + i
                                        + ") FILTER (WHERE g.sign < 0)"
                                : ""))
                .collect(Collectors.joining());
        return " HAVING sum(g.sign) <> 0" + sums;
    }

    static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }
}
