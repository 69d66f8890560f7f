package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SinkSettings;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableSettings;
import io.ledgerconnect.sink.target.CompleteView;
import io.ledgerconnect.sink.target.NameLimit;
import io.ledgerconnect.sink.target.TableCheck;
import io.ledgerconnect.sink.target.TargetCatalog;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the reporting tables can be written, as far as they are known before the first record: those of topics that
 * are named one by one, and those that have settings of their own.
 */
final class TargetCheck {
    private TargetCheck() {}

    static void check(Connection connection, SinkConfig config, List<Finding> findings) throws SQLException {
        for (TableName table : knownTables(config)) {
            Optional<TargetTable> existing = TargetCatalog.find(connection, table);
            if (existing.isPresent()) {
                checkExisting(connection, config, existing.get(), findings);
            } else {
                checkMissing(connection, config, table, findings);
            }
        }
        Optional<String> schema = config.tables().nameFormat().fixedSchema();
        if (config.topics().names().isEmpty() && schema.isPresent()) {
            checkSchema(new Privileges(connection), config, schema.get(), findings);
        }
    }

    /** With a pattern for topics the tables are not known yet, but their schema may be. */
    private static void checkSchema(Privileges privileges, SinkConfig config, String schema, List<Finding> findings)
            throws SQLException {
        if (!privileges.schemaExists(schema)) {
            checkMissingSchema(privileges, config, schema, findings);
            return;
        }
        List<String> needed = config.tables().autoCreate() ? List.of("CREATE", "USAGE") : List.of("USAGE");
        List<String> missing = new ArrayList<>();
        for (String privilege : needed) {
            if (!privileges.inSchema(schema, privilege)) {
                missing.add(privilege);
            }
        }
        if (!missing.isEmpty()) {
            String lacking = String.join(", ", missing);
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + privileges.role() + " lacks " + lacking + " on the schema " + schema
                            + " of the reporting tables: GRANT " + lacking + " ON SCHEMA " + TableName.quote(schema)
                            + " TO " + privileges.role()
                            + (missing.contains("CREATE") ? "; or create the tables and set auto.create=false" : "")));
        }
    }

    private static void checkMissingSchema(
            Privileges privileges, SinkConfig config, String schema, List<Finding> findings) throws SQLException {
        if (!config.tables().autoCreate()) {
            findings.add(new Finding(
                    SinkSettings.AUTO_CREATE,
                    "The schema " + schema + " of the reporting tables does not exist and auto.create is false: create"
                            + " it with its tables, or set auto.create=true"));
        } else if (!privileges.mayCreateInDatabase()) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + privileges.role() + " may not create the schema " + schema
                            + " of the reporting tables: GRANT CREATE ON DATABASE " + privileges.database() + " TO "
                            + privileges.role() + ", or as an owner CREATE SCHEMA " + TableName.quote(schema)
                            + " AUTHORIZATION " + privileges.role()));
        }
    }

    private static Set<TableName> knownTables(SinkConfig config) {
        Set<TableName> tables = new TreeSet<>(NamedTables.of(config).keySet());
        for (String name : config.tables().byName().keySet()) {
            int dot = name.indexOf('.');
            if (dot > 0) {
                tables.add(new TableName(name.substring(0, dot), name.substring(dot + 1)));
            }
        }
        return tables;
    }

    private static void checkExisting(
            Connection connection, SinkConfig config, TargetTable table, List<Finding> findings) throws SQLException {
        TableSettings settings = config.tables().of(table.name());
        for (String problem : TableCheck.problems(table, settings.mode())) {
            findings.add(new Finding(SinkSettings.TABLE_NAME_FORMAT, problem));
        }
        if (settings.mode().isKeyed()) {
            TableCheck.generatedKeyProblem(table, settings.keyColumns())
                    .ifPresent(problem -> findings.add(new Finding(SinkSettings.TABLE_NAME_FORMAT, problem)));
        }
        if (settings.mode().isKeyed() && !settings.keyColumns().isEmpty()) {
            String problem = TableCheck.keyProblem(table, settings.mode(), settings.keyColumns());
            if (problem != null) {
                findings.add(new Finding(SinkSettings.TABLE_NAME_FORMAT, problem));
            }
        }
        checkPrivileges(connection, table.name(), findings);
        if (config.tables().completeViews() && settings.mode() != TableMode.UPSERT) {
            checkView(connection, table, findings);
        }
    }

    private static void checkView(Connection connection, TargetTable table, List<Finding> findings)
            throws SQLException {
        CompleteView.problem(connection, table)
                .ifPresent(problem -> findings.add(new Finding(SinkSettings.COMPLETE_VIEWS, problem)));
        Privileges privileges = new Privileges(connection);
        TableName view = CompleteView.of(table.name());
        if (!privileges.tableExists(view.schema(), view.table()) && !privileges.inSchema(view.schema(), "CREATE")) {
            findings.add(new Finding(
                    SinkSettings.COMPLETE_VIEWS,
                    "Role " + privileges.role() + " may not create the view " + view + ": GRANT CREATE ON SCHEMA "
                            + TableName.quote(view.schema()) + " TO " + privileges.role()
                            + ", or set complete.views=false"));
        }
    }

    private static void checkPrivileges(Connection connection, TableName table, List<Finding> findings)
            throws SQLException {
        Privileges privileges = new Privileges(connection);
        String user = privileges.role();
        if (!privileges.inSchema(table.schema(), "USAGE")) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + user + " may not use the schema of " + table + ": GRANT USAGE ON SCHEMA "
                            + TableName.quote(table.schema()) + " TO " + user));
            return;
        }
        StringBuilder missing = new StringBuilder();
        for (String privilege : List.of("SELECT", "INSERT", "UPDATE", "DELETE")) {
            if (!privileges.onTable(table, privilege)) {
                missing.append(missing.isEmpty() ? "" : ", ").append(privilege);
            }
        }
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + user + " lacks " + missing + " on " + table + ": GRANT " + missing + " ON " + table.sql()
                            + " TO " + user));
        }
    }

    private static void checkMissing(Connection connection, SinkConfig config, TableName table, List<Finding> findings)
            throws SQLException {
        Optional<String> tooLong =
                NameLimit.problem(connection, table, config.tables().nameFormat());
        if (tooLong.isPresent()) {
            findings.add(new Finding(SinkSettings.TABLE_NAME_FORMAT, tooLong.get()));
            return;
        }
        if (!config.tables().autoCreate()) {
            findings.add(new Finding(
                    SinkSettings.AUTO_CREATE,
                    "Table " + table + " does not exist and auto.create is false: create it, or set auto.create=true"));
            return;
        }
        Privileges privileges = new Privileges(connection);
        String user = privileges.role();
        boolean schemaExists = privileges.schemaExists(table.schema());
        if (schemaExists && !privileges.inSchema(table.schema(), "CREATE")) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + user + " may not create table " + table + ": GRANT CREATE, USAGE ON SCHEMA "
                            + TableName.quote(table.schema()) + " TO " + user));
        } else if (!schemaExists && !privileges.mayCreateInDatabase()) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + user + " may not create the schema " + table.schema() + " for " + table
                            + ": CREATE SCHEMA " + TableName.quote(table.schema()) + " AUTHORIZATION " + user));
        }
    }
}
