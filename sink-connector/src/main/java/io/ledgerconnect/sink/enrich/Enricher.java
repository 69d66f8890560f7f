package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.target.TablePlan;
import io.ledgerconnect.sink.target.TargetCatalog;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What rows of one task's tables get besides the ledger's columns, and whose rows are corrected when a dimension
 * changes. Not thread-safe.
 *
 * <p>Invariant: whoever writes an enriched table holds its lock shared, and whoever writes one of its dimensions holds
 * it alone, from before the first write until the commit. So a row either sees a version of the dimension, or is seen
 * by the statement that corrects rows after the version was written.
 */
public final class Enricher {
    private static final Logger log = LoggerFactory.getLogger(Enricher.class);

    /** As many as there are plans. */
    private static final int MAX_PLANS = 1000;

    private static final String SERIALIZATION_FAILURE = "40001";

    /** In the order of names, in which they are locked. */
    private final SortedMap<TableName, EnrichedTable> tables = new TreeMap<>();

    private final DimensionWaits waits;
    private final EnrichedColumns columns;
    /** By plan; of tables that wait for a dimension {@link EnrichmentSql#NONE}. */
    private final Map<TablePlan, EnrichmentSql> known = new HashMap<>();
    /** Tables of which a dimension is not there yet. */
    private final Set<TableName> waiting = new HashSet<>();
    /** Tables that have the columns of the dimensions that they wait for. */
    private final Set<TableName> extended = new HashSet<>();
    /** For the tables whose rows this transaction corrects. */
    private final Map<TableName, RepairSql> repairs = new TreeMap<>();
    /** Warnings, each logged once per task. */
    private final Set<String> told = new HashSet<>();

    /**
     * Reads the settings.
     *
     * @throws ConnectException when they are not possible
     */
    public Enricher(Tables settings, DimensionWaits waits) {
        this.waits = waits;
        this.columns = new EnrichedColumns(settings);
        if (!settings.enrichedWithoutSchema().isEmpty()) {
            throw new ConnectException("The schemas of the enriched tables " + settings.enrichedWithoutSchema()
                    + " are not known, as table.name.format has a placeholder for them: write table.SCHEMA.TABLE");
        }
        EnrichedTable.of(settings).forEach(table -> tables.put(table.name(), table));
        tables.values().stream()
                .flatMap(table -> SettingsCheck.problems(table, tables).stream())
                .findFirst()
                .ifPresent(problem -> {
                    throw new ConnectException(problem.setting() + ": " + problem.sentence());
                });
    }

    /**
     * Takes the locks of enriched tables that a batch concerns, by name. To be called before anything is written.
     *
     * @return whether a table need not wait for its dimension any longer, so that it has to be planned anew
     */
    public boolean lock(Transaction transaction, Collection<TableName> written) throws SQLException {
        repairs.clear();
        boolean stale = false;
        for (EnrichedTable table : tables.values()) {
            if (written.stream().anyMatch(table::isRepairedBy)) {
                AdvisoryLocks.enriched(transaction, table.name().sql());
            } else if (written.contains(table.name()) && table.joins().stream().anyMatch(table::isRepaired)) {
                AdvisoryLocks.enrichedShared(transaction, table.name().sql());
            }
            stale |= written.contains(table.name())
                    && waiting.contains(table.name())
                    && table.resolve(transaction.connection()).isPresent();
        }
        if (stale) {
            forget();
        }
        return stale;
    }

    /**
     * Adds to a table what its rows get.
     *
     * @return whether it was altered, so that it has to be planned anew
     */
    public boolean prepare(Transaction transaction, TablePlan plan) throws SQLException {
        EnrichedTable table = tables.get(plan.name());
        if (table == null || !plan.hasRow() || known.containsKey(plan)) {
            return false;
        }
        Optional<EnrichmentSql> sql = table.resolve(transaction.connection());
        if (sql.isEmpty()) {
            waiting.add(table.name());
            remember(plan, EnrichmentSql.NONE);
            tell("Rows of " + table.name() + " are not enriched yet, as one of its dimension tables is not there: "
                    + table.joins().stream().map(table::dimension).toList());
            return false;
        }
        if (ensure(transaction, table, sql.get(), Rows.of(plan, table.mode()))) {
            return true;
        }
        remember(plan, sql.get());
        return false;
    }

    private boolean ensure(Transaction transaction, EnrichedTable table, EnrichmentSql sql, Map<String, String> row)
            throws SQLException {
        SameLedger.require(transaction, table, sql);
        if (columns.ensure(transaction, table, sql, row)) {
            forget();
            return true;
        }
        for (String command : EnrichedColumns.missingIndexes(transaction, table.name(), sql)) {
            tell("A change of a dimension table reads all of " + table.name() + " to find the rows that it concerns: "
                    + command);
        }
        return false;
    }

    /**
     * Adds to the tables that dimensions enrich what is possible now that these are there, and finds out how their rows
     * are corrected.
     *
     * @param written tables that are written in this transaction
     * @return whether a table was altered, so that it has to be planned anew
     */
    public boolean prepareRepairs(Transaction transaction, Collection<TableName> written) throws SQLException {
        boolean altered = false;
        for (EnrichedTable table : tables.values()) {
            if (written.stream().anyMatch(table::isRepairedBy)) {
                altered |= prepareRepair(transaction, table);
            } else if (table.waitedFor().stream().anyMatch(written::contains) && !extended.contains(table.name())) {
                altered |= extend(transaction, table);
            }
        }
        return altered;
    }

    private boolean prepareRepair(Transaction transaction, EnrichedTable table) throws SQLException {
        Optional<TargetTable> target = TargetCatalog.find(transaction.connection(), table.name());
        Optional<EnrichmentSql> sql = table.resolve(transaction.connection());
        if (target.isEmpty() || sql.isEmpty()) {
            return false; // no row is enriched yet
        }
        if (EnrichedColumns.hasAll(target.get(), sql.get())) {
            SameLedger.require(transaction, table, sql.get());
            repairs.put(table.name(), new RepairSql(target.get(), sql.get()));
            return false;
        }
        ensure(transaction, table, sql.get(), Rows.of(target.get(), table.columns()));
        TargetTable extended =
                TargetCatalog.find(transaction.connection(), table.name()).orElseThrow();
        repairs.put(table.name(), new RepairSql(extended, sql.get()));
        return true;
    }

    /** Rows that were there before the first of a dimension get its columns with it; nobody corrects them later. */
    private boolean extend(Transaction transaction, EnrichedTable table) throws SQLException {
        Optional<TargetTable> target = TargetCatalog.find(transaction.connection(), table.name());
        Optional<EnrichmentSql> sql = table.resolve(transaction.connection());
        if (target.isEmpty() || sql.isEmpty()) {
            return false;
        }
        if (EnrichedColumns.hasAll(target.get(), sql.get())) {
            extended.add(table.name());
            return false;
        }
        return waits.cover(transaction, table.name())
                && ensure(transaction, table, sql.get(), Rows.of(target.get(), table.columns()));
    }

    /** What rows get that are written by a plan. */
    public EnrichmentSql of(Transaction transaction, TablePlan plan) throws SQLException {
        if (prepare(transaction, plan)) {
            throw new SQLException(
                    "table " + plan.name() + " was altered; its batch is written anew", SERIALIZATION_FAILURE);
        }
        return known.getOrDefault(plan, EnrichmentSql.NONE);
    }

    /**
     * Corrects the rows in whose time a dimension has changed.
     *
     * @param changed makes, for the columns by which the dimension is joined, a query for their values {@code k0, k1,
     *     …} in the rows that have changed, with the positions {@code since} and {@code until} (null for good)
     */
    public void repair(Transaction transaction, TableName dimension, Function<List<String>, String> changed)
            throws SQLException {
        for (RepairSql repair : repairs.values()) {
            for (String statement : repair.of(dimension, changed)) {
                transaction.execute(statement);
            }
        }
    }

    /** Forgets what was found out: the transaction was taken back, or tables were altered. */
    public void forget() {
        known.clear();
        waiting.clear();
        extended.clear();
    }

    private void remember(TablePlan plan, EnrichmentSql sql) {
        if (known.size() == MAX_PLANS) {
            known.clear();
        }
        known.put(plan, sql);
    }

    private void tell(String warning) {
        if (told.add(warning)) {
            log.warn(warning);
        }
    }
}
