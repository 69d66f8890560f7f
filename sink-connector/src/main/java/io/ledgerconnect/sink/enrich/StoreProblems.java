package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.TargetCatalog;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What is wrong with the enrichment of tables, as far as it is known before the first record. */
public final class StoreProblems {
    private final Connection connection;
    private final Predicate<TableName> isExpected;
    private final List<Problem> problems = new ArrayList<>();

    private StoreProblems(Connection connection, Predicate<TableName> isExpected) {
        this.connection = connection;
        this.isExpected = isExpected;
    }

    /**
     * Asks a reporting store, in which nothing changes.
     *
     * @param isExpected whether a table that is not there will be created for records of this connector
     */
    public static List<Problem> of(Connection connection, Tables settings, Predicate<TableName> isExpected)
            throws SQLException {
        StoreProblems check = new StoreProblems(connection, isExpected);
        Map<TableName, EnrichedTable> tables = new TreeMap<>();
        EnrichedTable.of(settings).forEach(table -> tables.put(table.name(), table));
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            for (EnrichedTable table : tables.values()) {
                check.check(table, settings, tables);
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
        return check.problems;
    }

    private void check(EnrichedTable table, Tables settings, Map<TableName, EnrichedTable> all) throws SQLException {
        List<Problem> ofSettings = SettingsCheck.problems(table, all);
        problems.addAll(ofSettings);
        boolean isComplete = ofSettings.isEmpty();
        for (Enrichment join : table.joins()) {
            isComplete &= isUsable(table, join);
        }
        Optional<EnrichmentSql> sql = isComplete ? table.resolve(connection) : Optional.empty();
        Optional<TargetTable> target = TargetCatalog.find(connection, table.name());
        if (sql.isEmpty()) {
            return;
        }
        if (target.isEmpty()) {
            sql.get().dimensions().forEach(dimension -> problems.addAll(DimensionCheck.problems(table, dimension)));
            return;
        }
        problems.addAll(RowCheck.check(
                        connection,
                        table,
                        sql.get(),
                        Rows.of(target.get(), table.columns()),
                        target.get().columns())
                .problems());
        if (!settings.autoEvolve() && !EnrichedColumns.hasAll(target.get(), sql.get())) {
            problems.add(new Problem(
                    "auto.evolve",
                    "Table " + table.name() + " lacks columns of its enrichment, "
                            + table.columns().stream()
                                    .filter(column -> !target.get().has(column))
                                    .toList()
                            + ", and auto.evolve is false: add them, or set auto.evolve=true"));
        }
    }

    private boolean isUsable(EnrichedTable table, Enrichment join) throws SQLException {
        TableName name = table.dimension(join);
        Optional<TargetTable> dimension = TargetCatalog.find(connection, name);
        String setting = EnrichSettings.dimension(table.settingsName(), join);
        if (dimension.isEmpty() && !isExpected.test(name)) {
            problems.add(new Problem(
                    setting,
                    "The dimension table " + name + " does not exist, and no topic of this connector is known to lead"
                            + " to it: create it, or correct the name"));
        } else if (dimension.isPresent() && !mayRead(name)) {
            problems.add(new Problem(
                    setting,
                    "Role " + connection.getMetaData().getUserName() + " may not read the dimension table " + name
                            + ": GRANT USAGE ON SCHEMA " + TableName.quote(name.schema()) + " TO "
                            + connection.getMetaData().getUserName() + "; GRANT SELECT ON " + name.sql() + " TO "
                            + connection.getMetaData().getUserName()));
            return false;
        }
        return dimension.isPresent();
    }

    private boolean mayRead(TableName table) throws SQLException {
        try (var query = connection.prepareStatement("SELECT pg_catalog.has_schema_privilege(?, 'USAGE')"
                + " AND pg_catalog.has_table_privilege(c.oid, 'SELECT') FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?")) {
            query.setString(1, table.schema());
            query.setString(2, table.schema());
            query.setString(3, table.table());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
