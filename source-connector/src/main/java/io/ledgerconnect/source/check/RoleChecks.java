package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.PublicationMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the capturing role may do. */
final class RoleChecks {
    private final Connection connection;
    private final SourceConfig config;

    RoleChecks(Connection connection, SourceConfig config) {
        this.connection = connection;
        this.config = config;
    }

    /** Managed services grant replication through a role of their own. */
    Optional<Finding> replication() throws SQLException {
        boolean may = ask("SELECT rolsuper OR rolreplication OR EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE"
                + " g.rolname IN ('rds_replication', 'cloudsqlsuperuser', 'azure_pg_admin')"
                + " AND pg_catalog.pg_has_role(r.oid, g.oid, 'member'))"
                + " FROM pg_catalog.pg_roles r WHERE rolname = current_user");
        return may
                ? Optional.empty()
                : Optional.of(new Finding(
                        "database.user",
                        "Role " + user() + " lacks REPLICATION, without which it cannot read the WAL. Run ALTER ROLE "
                                + PublicationSetup.quote(user()) + " REPLICATION;"));
    }

    List<Finding> tables(List<LedgerTable> tables) throws SQLException {
        List<LedgerTable> unreadable = new ArrayList<>();
        List<LedgerTable> hidden = new ArrayList<>();
        List<String> schemas = new ArrayList<>();
        for (LedgerTable table : tables) {
            String schema = table.relation().schema();
            if (!ask("SELECT pg_catalog.has_schema_privilege(?::text, 'USAGE')", schema)) {
                if (!schemas.contains(schema)) {
                    schemas.add(schema);
                }
            } else if (!ask("SELECT pg_catalog.has_table_privilege(?::oid, 'SELECT')", oid(table))) {
                unreadable.add(table);
            } else if (ask("SELECT pg_catalog.row_security_active(?::oid)", oid(table))) {
                hidden.add(table);
            }
        }
        List<Finding> findings = new ArrayList<>();
        for (String schema : schemas) {
            findings.add(new Finding(
                    "database.user",
                    "Role " + user() + " may not use schema " + schema
                            + ", so its tables cannot be read. Run GRANT USAGE ON SCHEMA "
                            + PublicationSetup.quote(schema) + " TO " + PublicationSetup.quote(user()) + ";"));
        }
        if (!unreadable.isEmpty()) {
            findings.add(new Finding(
                    "database.user",
                    "Role " + user() + " may not read " + list(unreadable)
                            + ", so the snapshot cannot either. Run GRANT SELECT ON "
                            + PublicationSetup.names(unreadable) + " TO " + PublicationSetup.quote(user()) + ";"));
        }
        if (!hidden.isEmpty()) {
            findings.add(new Finding(
                    "database.user",
                    "Row-level security hides rows of " + list(hidden) + " from role " + user()
                            + ", so a snapshot would lack them. Run ALTER ROLE " + PublicationSetup.quote(user())
                            + " BYPASSRLS;"));
        }
        return findings;
    }

    boolean canCreatePublication(List<LedgerTable> tables) throws SQLException {
        if (ask("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")) {
            return true;
        }
        if (config.publicationMode() == PublicationMode.ALL_TABLES
                || !ask("SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')")) {
            return false;
        }
        String oids = tables.stream().map(RoleChecks::oid).collect(Collectors.joining(","));
        return ask(
                "SELECT coalesce(bool_and(pg_catalog.pg_has_role(relowner, 'USAGE')), true) FROM pg_catalog.pg_class"
                        + " WHERE oid = ANY (('{' || ? || '}')::oid[])",
                oids);
    }

    private static String list(List<LedgerTable> tables) {
        return tables.stream().map(LedgerTable::name).collect(Collectors.joining(", "));
    }

    private String user() {
        return config.connection().user();
    }

    private static String oid(LedgerTable table) {
        return Integer.toUnsignedString(table.relation().oid());
    }

    private boolean ask(String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
