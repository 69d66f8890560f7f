package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.type.TypeCodecs;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableSettings;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Matches record schemas with reporting tables, which it creates and extends when it may. */
final class TablePlanner {
    private static final Logger log = LoggerFactory.getLogger(TablePlanner.class);

    private static final String SERIALIZATION_FAILURE = "40001";

    /** A field of the record that is wanted as a column. */
    record Wanted(Field field, boolean fromKey) {}

    private final Tables settings;
    private final Map<TableName, TargetTable> tables = new HashMap<>();
    /** Warnings, each logged once per task. */
    private final Set<String> told = new HashSet<>();

    private int rereads;

    TablePlanner(Tables settings) {
        this.settings = settings;
    }

    /** How often a known table was read again. */
    int rereads() {
        return rereads;
    }

    void forget() {
        tables.clear();
    }

    /**
     * Looks whether tables are still as they were when their plans were made. To be called when they have been written:
     * from then on nobody can alter them before the transaction ends.
     *
     * @throws SQLException of a kind that heals with another attempt, when one is not
     */
    void requireUnaltered(Transaction transaction, Collection<TableName> written) throws SQLException {
        List<TargetTable> known =
                written.stream().map(tables::get).filter(Objects::nonNull).toList();
        Map<TableName, String> now = TargetCatalog.versions(
                transaction.connection(), known.stream().map(TargetTable::name).toList());
        for (TargetTable table : known) {
            if (!table.version().equals(now.get(table.name()))) {
                throw new SQLException(
                        "table " + table.name() + " was altered; its batch is written anew", SERIALIZATION_FAILURE);
            }
        }
    }

    TargetTable find(Transaction transaction, TableName name) throws SQLException {
        TargetTable known = tables.get(name);
        if (known == null) {
            known = TargetCatalog.find(transaction.connection(), name).orElse(null);
            if (known == null) {
                refuseCutOff(transaction, name);
            } else {
                refuseUnkept(known);
                tables.put(name, known);
            }
        }
        return known;
    }

    /** A table of such a name is never found, whatever is created. */
    private void refuseCutOff(Transaction transaction, TableName name) throws SQLException {
        Optional<String> problem = NameLimit.problem(transaction.connection(), name, settings.nameFormat());
        if (problem.isPresent()) {
            throw new ConnectException(problem.get());
        }
    }

    /** Before anything is written to it, and be it a truncate, for which there is no plan. */
    private void refuseUnkept(TargetTable table) {
        List<String> problems =
                table.traits().problems(table.name(), settings.of(table.name()).mode());
        if (!problems.isEmpty()) {
            throw new ConnectException(String.join(". ", problems));
        }
    }

    TablePlan plan(Transaction transaction, TableName name, Schema key, Schema value) throws SQLException {
        TableSettings tableSettings = settings.of(name);
        RowShape shape = RowShape.of(value);
        List<String> keyNames = keyNames(name, tableSettings, key);
        Map<String, Wanted> wanted = wanted(name, keyNames, key, shape.row());
        TableCheck.rejectMetaColumns(name, tableSettings.mode(), wanted);
        TargetTable table = prepared(transaction, name, tableSettings.mode(), keyNames, wanted);
        TableCheck.check(table, tableSettings.mode(), keyNames, wanted, shape.row() != null);
        warn(table, tableSettings.mode(), keyNames);
        if (settings.completeViews()) {
            CompleteView.ensure(transaction, table, tableSettings.mode());
        }
        int version = transaction.connection().getMetaData().getDatabaseMajorVersion();
        return new TablePlan(table, key, shape, columns(table, wanted, version), keyNames.size());
    }

    private void warn(TargetTable table, TableMode mode, List<String> key) {
        for (String warning : table.traits().warnings(table.name(), mode, key)) {
            if (told.add(warning)) {
                log.warn(warning);
            }
        }
    }

    private static List<String> keyNames(TableName name, TableSettings settings, Schema key) {
        if (!settings.keyColumns().isEmpty()) {
            return settings.keyColumns();
        }
        if (key != null && key.type() == Schema.Type.STRUCT) {
            return key.fields().stream().map(Field::name).toList();
        }
        if (settings.mode() == TableMode.APPEND) {
            return List.of();
        }
        throw new ConnectException("Records for " + name + " have "
                + (key == null ? "no key" : "a key that is not a struct")
                + ", so there is nothing to tell its rows apart by: name the columns in table."
                + name + ".key, or set table." + name + ".mode=append");
    }

    private static Map<String, Wanted> wanted(TableName name, List<String> keyNames, Schema key, Schema row) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (String column : keyNames) {
            Field inKey = key == null || key.type() != Schema.Type.STRUCT ? null : key.field(column);
            Field field = inKey != null || row == null ? inKey : row.field(column);
            if (field == null) {
                throw new ConnectException("Key column " + column + " of " + name
                        + " is neither in the record's key nor in its row: correct table." + name + ".key");
            }
            wanted.put(column, new Wanted(field, inKey != null));
        }
        if (row != null) {
            row.fields().forEach(field -> wanted.putIfAbsent(field.name(), new Wanted(field, false)));
        }
        return wanted;
    }

    /** The table, after it was created or extended as far as that is needed and allowed. */
    private TargetTable prepared(
            Transaction transaction, TableName name, TableMode mode, List<String> keyNames, Map<String, Wanted> wanted)
            throws SQLException {
        if (hasAll(find(transaction, name), wanted)) {
            return find(transaction, name);
        }
        tables.remove(name); // somebody may have altered it since
        rereads++;
        TargetTable table = find(transaction, name);
        if (hasAll(table, wanted)) {
            return table;
        }
        NameLimit.requireColumns(transaction.connection(), name, wanted.keySet());
        if (table == null && !settings.autoCreate()) {
            throw new ConnectException(
                    "Table " + name + " does not exist and auto.create is false: create it, also with the columns "
                            + String.join(", ", MetaColumns.definitions(mode)) + ", or set auto.create=true");
        }
        if (table != null && !settings.autoEvolve()) {
            throw missingColumns(table, wanted);
        }
        TableDdl.createOrExtend(transaction, name, mode, keyNames, wanted);
        tables.remove(name);
        return find(transaction, name);
    }

    private static boolean hasAll(TargetTable table, Map<String, Wanted> wanted) {
        return table != null && table.columns().keySet().containsAll(wanted.keySet());
    }

    private static ConnectException missingColumns(TargetTable table, Map<String, Wanted> wanted) {
        List<String> missing =
                wanted.keySet().stream().filter(name -> !table.has(name)).toList();
        return new ConnectException(
                "Table " + table.name() + " lacks the columns " + missing
                        + " of the ledger's table and auto.evolve is false: add them, leave them out with a transform, or set auto.evolve=true");
    }

    private static List<PlannedColumn> columns(TargetTable table, Map<String, Wanted> wanted, int version) {
        List<PlannedColumn> columns = new ArrayList<>();
        wanted.forEach((name, source) ->
                columns.add(column(table.name(), table.columns().get(name), source, version)));
        return List.copyOf(columns);
    }

    private static PlannedColumn column(TableName table, TargetColumn target, Wanted source, int version) {
        try {
            return PlannedColumn.of(
                    target,
                    TypeCodecs.forTarget(
                            target.type(), target.typeModifier(), source.field().schema(), version),
                    source.field(),
                    source.fromKey());
        } catch (UnsupportedTypeException e) {
            throw new ConnectException(
                    "Column " + target.name() + " of " + table + " " + e.getMessage()
                            + ": alter the column's type, to text where it has to hold what was before a change of type in the"
                            + " ledger and after it, or let a transform convert the field",
                    e);
        }
    }
}
