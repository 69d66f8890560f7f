package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the connected role may do. */
final class Privileges {
    private final Connection connection;

    Privileges(Connection connection) {
        this.connection = connection;
    }

    String role() throws SQLException {
        return connection.getMetaData().getUserName();
    }

    String database() throws SQLException {
        return connection.getCatalog();
    }

    boolean schemaExists(String schema) throws SQLException {
        return ask("SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ?)", schema);
    }

    boolean tableExists(String schema, String table) throws SQLException {
        return ask(
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                        + "WHERE n.nspname = ? AND c.relname = ?)",
                schema,
                table);
    }

    boolean mayCreateInDatabase() throws SQLException {
        return ask("SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')");
    }

    boolean inSchema(String schema, String privilege) throws SQLException {
        return ask("SELECT pg_catalog.has_schema_privilege(?, ?)", schema, privilege);
    }

    boolean mayWriteAll(String schema, String tables) throws SQLException {
        return ask(
                "SELECT coalesce(bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') "
                        + "AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')), true) "
                        + "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                        + "WHERE n.nspname = ? AND c.relkind = 'r' AND c.relname IN " + tables,
                schema);
    }

    boolean onTable(TableName table, String privilege) throws SQLException {
        return ask("SELECT pg_catalog.has_table_privilege(?, ?)", table.sql(), privilege);
    }

    private boolean ask(String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
