package io.ledgerconnect.sink.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sums over the rows of a reporting table, kept in a table of their own.
 *
 * @param name what the settings call it
 * @param table where it is kept, as it is set: without a schema it is in that of the table whose rows it sums up
 * @param by what rows have in common that are summed up together
 * @param measures what is told of each group
 * @param where which rows count, an SQL expression
 */
public record Rollup(String name, String table, List<Group> by, List<Measure> measures, Optional<String> where) {
    /** What is kept of the time of a row. */
    public enum Bucket {
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR;

        /** As the server's {@code date_trunc} calls it. */
        public String unit() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it begins at midnight, so that a date tells it. */
        public boolean isDate() {
            return compareTo(DAY) >= 0;
        }
    }

    /**
     * A column by which rows are grouped.
     *
     * @param column of the row
     * @param bucket into which its time falls; empty for the value itself
     * @param zone whose clock tells the time, for columns that have a zone
     */
    public record Group(String name, String column, Optional<Bucket> bucket, Optional<String> zone) {}

    /** What is told of the rows of a group. */
    public enum Function {
        COUNT,
        SUM,
        MIN,
        MAX,
        /** Of the row that the ledger changed last. */
        LAST
    }

    /**
     * A column of the rollup.
     *
     * @param column of the row; empty to count rows
     */
    public record Measure(String name, Function function, Optional<String> column) {}

    public TableName tableBeside(TableName source) {
        return TableName.parse(table, source.schema());
    }

    /** The columns that it reads of each row, but for those in its condition. */
    public Stream<String> columnsRead() {
        return Stream.concat(
                        by.stream().map(Group::column), measures.stream().flatMap(measure -> measure.column().stream()))
                .distinct();
    }

    /** Whether it tells of the row that was changed last. */
    public boolean hasLast() {
        return measures.stream().anyMatch(measure -> measure.function() == Function.LAST);
    }
}
