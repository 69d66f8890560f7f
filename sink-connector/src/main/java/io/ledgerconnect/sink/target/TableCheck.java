package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.TablePlanner.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** Whether an existing table can be written. Each problem is one sentence with its mend. */
public final class TableCheck {
    private TableCheck() {}

    /** What is wrong with a table whatever its records look like. */
    public static List<String> problems(TargetTable table, TableMode mode) {
        List<String> problems = new ArrayList<>();
        List<String> required =
                mode == TableMode.APPEND ? MetaColumns.ALL : List.of(MetaColumns.LSN, MetaColumns.COMMITTED_AT);
        for (String column : MetaColumns.of(mode)) {
            TargetColumn present = table.columns().get(column);
            String type = MetaColumns.type(column);
            if (present == null && required.contains(column)) {
                problems.add("Table " + table.name() + " has no column " + column
                        + ", in which the sink keeps where a row came from: ALTER TABLE "
                        + table.name().sql() + " ADD COLUMN " + column + " " + type);
            } else if (present != null && !present.type().name().equals(type)) {
                problems.add("Column " + column + " of " + table.name() + " is of type "
                        + present.type().name() + ", not " + type
                        + ": the sink keeps there where a row came from; rename the column or alter its type");
            }
        }
        if (mode == TableMode.UPSERT && table.uniqueKeys().isEmpty()) {
            problems.add("Table " + table.name()
                    + " has neither a primary key nor a unique index, so its rows cannot be upserted: add a primary key, or set table."
                    + table.name() + ".mode=append");
        }
        return problems;
    }

    /** What is wrong with the key of an upsert table, or null. */
    public static String keyProblem(TargetTable table, List<String> key) {
        if (table.uniqueKeys().contains(Set.copyOf(key))) {
            return null;
        }
        return "Table " + table.name() + " has no unique index on exactly " + key
                + ", by which its rows are to be upserted: CREATE UNIQUE INDEX ON "
                + table.name().sql() + " (" + String.join(", ", key) + "), or set table." + table.name() + ".key";
    }

    /**
     * Before anything is created: the statement would name the column twice.
     *
     * @throws ConnectException when the ledger's table has a column that the sink writes itself
     */
    static void rejectMetaColumns(TableName table, TableMode mode, Map<String, Wanted> wanted) {
        for (String column : MetaColumns.of(mode)) {
            if (wanted.containsKey(column)) {
                throw new ConnectException("The ledger's table for " + table + " has a column " + column
                        + ", which is the name of a column that the sink writes: rename the field with a transform, or"
                        + " leave the column out in the source connector (column.exclude.list)");
            }
        }
    }

    static void check(
            TargetTable table, TableMode mode, List<String> key, Map<String, Wanted> wanted, boolean wholeRow) {
        List<String> problems = problems(table, mode);
        if (mode == TableMode.UPSERT && problems.isEmpty() && keyProblem(table, key) != null) {
            problems.add(keyProblem(table, key));
        }
        String unfed = wholeRow ? unfed(table, wanted) : "";
        if (!unfed.isEmpty()) {
            problems.add("Table " + table.name() + " requires a value in " + unfed
                    + ", which the records do not have: give it a default, or ALTER COLUMN … DROP NOT NULL");
        }
        if (!problems.isEmpty()) {
            throw new ConnectException(String.join(". ", problems));
        }
    }

    private static String unfed(TargetTable table, Map<String, Wanted> wanted) {
        return table.columns().values().stream()
                .filter(column -> !column.filledByServer()
                        && !column.generated()
                        && !wanted.containsKey(column.name())
                        && !MetaColumns.ALL.contains(column.name()))
                .map(TargetColumn::name)
                .collect(Collectors.joining(", "));
    }
}
