package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.type.DefaultColumnTypes;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.target.TablePlanner.Wanted;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates reporting tables and adds columns to them, one task at a time. */
final class TableDdl {
    private static final Logger log = LoggerFactory.getLogger(TableDdl.class);

    private TableDdl() {}

    static void createOrExtend(
            Transaction transaction, TableName name, TableMode mode, List<String> key, Map<String, Wanted> wanted)
            throws SQLException {
        AdvisoryLocks.schema(transaction);
        // Read again under the lock: another task may have been quicker.
        Optional<TargetTable> table = TargetCatalog.find(transaction.connection(), name);
        if (table.isEmpty()) {
            create(transaction, name, mode, key, wanted);
        } else {
            extend(transaction, table.get(), wanted);
        }
    }

    /** Columns other than the key's stay nullable, so that the ledger may drop a NOT NULL without stopping the sink. */
    private static void create(
            Transaction transaction, TableName name, TableMode mode, List<String> key, Map<String, Wanted> wanted)
            throws SQLException {
        List<String> definitions = new ArrayList<>();
        wanted.forEach((column, source) -> definitions.add(definition(name, column, source)));
        definitions.addAll(MetaColumns.definitions(mode));
        if (mode.isKeyed()) {
            definitions.add("PRIMARY KEY " + columns(MetaColumns.identity(mode, key)));
        }
        if (!schemaExists(transaction, name)) {
            transaction.execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(name.schema()));
        }
        transaction.execute("CREATE TABLE " + name.sql() + " (" + String.join(", ", definitions) + ")");
        if (mode == TableMode.HISTORY) {
            transaction.execute(
                    "CREATE UNIQUE INDEX ON " + name.sql() + ' ' + columns(key) + " WHERE " + MetaColumns.CURRENT);
        }
        log.info("Created table {} ({})", name, mode);
    }

    private static String columns(List<String> names) {
        return names.stream().map(TableName::quote).collect(Collectors.joining(", ", "(", ")"));
    }

    /** CREATE SCHEMA IF NOT EXISTS needs its privilege even when the schema exists. */
    private static boolean schemaExists(Transaction transaction, TableName name) throws SQLException {
        try (var query = transaction.prepare("SELECT FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
            query.setString(1, name.schema());
            try (var row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void extend(Transaction transaction, TargetTable table, Map<String, Wanted> wanted)
            throws SQLException {
        List<String> additions = new ArrayList<>();
        wanted.forEach((column, source) -> {
            if (!table.has(column)) {
                additions.add("ADD COLUMN " + definition(table.name(), column, source));
            }
        });
        if (!additions.isEmpty()) {
            transaction.execute("ALTER TABLE " + table.name().sql() + " " + String.join(", ", additions));
            log.info("Altered table {}: {}", table.name(), additions);
        }
    }

    private static String definition(TableName table, String column, Wanted source) {
        try {
            return TableName.quote(column)
                    + ' '
                    + DefaultColumnTypes.sqlType(source.field().schema());
        } catch (UnsupportedTypeException e) {
            throw new ConnectException(
                    "Field " + column + " for " + table + " " + e.getMessage()
                            + ": let a transform convert it or leave it out",
                    e);
        }
    }
}
