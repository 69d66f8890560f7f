package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.type.PgTypeCatalog;
import io.ledgerconnect.sink.config.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads reporting tables from the server's catalog. */
public final class TargetCatalog {
    private static final String COLUMNS = """
            SELECT a.attname, a.atttypid, a.atttypmod,
                   CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod)
                        ELSE pg_catalog.format_type(a.atttypid, a.atttypmod) END,
                   pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END, -1),
                   NOT a.attnotnull OR a.atthasdef OR a.attidentity <> '',
                   a.attgenerated::text || a.attidentity::text
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""";
    private static final String UNIQUE_KEYS = """
            SELECT ARRAY(SELECT a.attname::text
                         FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) AS k (attnum)
                         JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND i.indisunique AND i.indimmediate AND i.indisvalid
              AND i.indpred IS NULL AND i.indexprs IS NULL""";

    /**
     * Of tables by schema and name: which table it is, and the transactions that last altered it, its columns and its
     * triggers.
     */
    private static final String VERSIONS = """
            SELECT n.nspname, c.relname,
                   pg_catalog.concat_ws(' ', c.oid, c.xmin,
                       (SELECT pg_catalog.string_agg(a.xmin::text, ' ' ORDER BY a.attnum)
                        FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
                       (SELECT pg_catalog.string_agg(t.xmin::text, ' ' ORDER BY t.oid)
                        FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid))
            FROM unnest(?::text[], ?::text[]) AS wanted (schema, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name""";

    private TargetCatalog() {}

    /** The versions of those of the tables that are there. */
    static Map<TableName, String> versions(Connection connection, Collection<TableName> tables) throws SQLException {
        Map<TableName, String> versions = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(VERSIONS)) {
            query.setArray(1, names(connection, tables, TableName::schema));
            query.setArray(2, names(connection, tables, TableName::table));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    versions.put(new TableName(row.getString(1), row.getString(2)), row.getString(3));
                }
            }
        }
        return versions;
    }

    private static Array names(Connection connection, Collection<TableName> tables, Function<TableName, String> name)
            throws SQLException {
        return connection.createArrayOf("text", tables.stream().map(name).toArray());
    }

    /** The table, or what else has its name; empty when nothing has. */
    public static Optional<TargetTable> find(Connection connection, TableName name) throws SQLException {
        // First: what is altered meanwhile has another version afterwards.
        String version = versions(connection, List.of(name)).get(name);
        Map<String, TargetColumn> columns = columns(connection, name);
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new TargetTable(
                        name, version, columns, uniqueKeys(connection, name), Traits.of(connection, name)));
    }

    private static Map<String, TargetColumn> columns(Connection connection, TableName name) throws SQLException {
        PgTypeCatalog types = new PgTypeCatalog();
        Map<String, TargetColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement query = prepare(connection, COLUMNS, name);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                columns.put(
                        row.getString(1),
                        new TargetColumn(
                                row.getString(1),
                                types.type(connection, (int) row.getLong(2)),
                                row.getInt(3),
                                row.getString(4),
                                row.getString(5),
                                row.getBoolean(6),
                                Generation.of(row.getString(7))));
            }
        }
        return columns;
    }

    private static Set<Set<String>> uniqueKeys(Connection connection, TableName name) throws SQLException {
        Set<Set<String>> keys = new HashSet<>();
        try (PreparedStatement query = prepare(connection, UNIQUE_KEYS, name);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                keys.add(Set.of((String[]) row.getArray(1).getArray()));
            }
        }
        return keys;
    }

    private static PreparedStatement prepare(Connection connection, String sql, TableName name) throws SQLException {
        PreparedStatement query = connection.prepareStatement(sql);
        query.setString(1, name.schema());
        query.setString(2, name.table());
        return query;
    }
}
