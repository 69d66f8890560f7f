package io.ledgerconnect.sink.rollup;

import io.ledgerconnect.sink.config.Rollup;
import io.ledgerconnect.sink.config.RollupSettings;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.Problem;
import io.ledgerconnect.sink.target.TargetCatalog;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The rollups of one task's tables. The database keeps them up, for whoever writes the rows; here they are created, and
 * what a batch changes is folded into them once at its end. Not thread-safe.
 */
public final class Rollups {
    private final Tables settings;
    private final SortedMap<TableName, List<Rollup>> tables;
    /** Those that are kept up, by the table of the rows; empty lists until that is there. */
    private final Map<TableName, List<RollupSql>> known = new TreeMap<>();

    private String foldAtTheEnd = "";
    private String fold = "";

    /**
     * Reads the settings.
     *
     * @throws ConnectException when they are not possible
     */
    public Rollups(Tables settings) {
        this.settings = settings;
        this.tables = settings.rolledUp();
        if (!settings.rolledUpWithoutSchema().isEmpty()) {
            throw new ConnectException("The schemas of the tables with rollups " + settings.rolledUpWithoutSchema()
                    + " are not known, as table.name.format has a placeholder for them: write table.SCHEMA.TABLE");
        }
    }

    /**
     * Sees to it that the rollups are there whose rows have a table, and that they leave it to the end of this
     * transaction to fold what it changes. To be called before anything is written.
     *
     * @return whether a table was altered, so that it has to be planned anew
     */
    public boolean prepare(Transaction transaction) throws SQLException {
        boolean altered = false;
        for (Map.Entry<TableName, List<Rollup>> table : tables.entrySet()) {
            if (!known.containsKey(table.getKey())) {
                altered |= prepare(transaction, table.getKey(), table.getValue());
            }
        }
        if (!fold.isEmpty()) {
            transaction.execute(foldAtTheEnd);
        }
        return altered;
    }

    private boolean prepare(Transaction transaction, TableName name, List<Rollup> rollups) throws SQLException {
        Optional<TargetTable> table = TargetCatalog.find(transaction.connection(), name);
        if (table.isEmpty() || !rollups.stream().allMatch(rollup -> hasColumnsOf(rollup, table.get()))) {
            return false;
        }
        List<RollupSql> statements = new ArrayList<>();
        boolean altered = false;
        for (Rollup rollup : rollups) {
            requirePossible(transaction.connection(), table.get(), rollup);
            RollupSql sql = new RollupSql(rollup, table.get(), settings.of(name).mode());
            altered |= RollupStore.ensure(transaction, sql);
            statements.add(sql);
        }
        known.put(name, statements);
        List<RollupSql> all = known.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(RollupSql::table))
                .toList();
        foldAtTheEnd = RollupSql.foldAtTheEnd(all);
        fold = all.stream().map(RollupSql::foldCall).collect(Collectors.joining(", ", "SELECT ", ""));
        return altered;
    }

    /** Columns that are to come with the dimensions must be there first. */
    private boolean hasColumnsOf(Rollup rollup, TargetTable table) {
        Set<String> read = rollup.columnsRead().collect(Collectors.toSet());
        return settings.of(table.name()).enrichments().columns().stream()
                .filter(column -> rollup.where().isPresent() || read.contains(column))
                .allMatch(table::has);
    }

    private void requirePossible(Connection connection, TargetTable table, Rollup rollup) throws SQLException {
        for (Problem problem : RollupCheck.problems(connection, settings, table, rollup)) {
            throw new ConnectException(problem.setting() + ": " + problem.sentence());
        }
    }

    /** Folds what this transaction has changed. */
    public void fold(Transaction transaction) throws SQLException {
        if (!fold.isEmpty()) {
            try (var statement = transaction.connection().createStatement()) {
                statement.execute(fold);
            }
        }
    }

    /** Forgets what was found out: the transaction was taken back. */
    public void forget() {
        known.clear();
        fold = "";
    }

    /** What is wrong with the rollups of tables, as far as it is known before the first record. */
    public static List<Problem> problems(Connection connection, Tables settings) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        for (String table : settings.rolledUpWithoutSchema()) {
            problems.add(new Problem(
                    RollupSettings.names(table),
                    "table.name.format has a placeholder for the schema of " + table + ", so it is not known of which"
                            + " table sums are kept: write table.SCHEMA." + table + " instead of table." + table));
        }
        for (Map.Entry<TableName, List<Rollup>> entry : settings.rolledUp().entrySet()) {
            Optional<TargetTable> table = TargetCatalog.find(connection, entry.getKey());
            for (Rollup rollup : entry.getValue()) {
                RollupCheck.ofName(settings, entry.getKey(), rollup).ifPresent(problems::add);
                if (table.isPresent()) {
                    problems.addAll(RollupCheck.problems(connection, settings, table.get(), rollup));
                }
            }
        }
        return problems;
    }
}
