package io.ledgerconnect.source.catalog;

import io.ledgerconnect.source.decode.Relation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads what a capture needs to know from the ledger's system catalogues. Holds a connection that it does not own. */
public final class LedgerCatalog {
    public static final int VERSION_15 = 150_000;

    /**
     * Partitions are captured as their root, unlogged and temporary tables not at all: their changes are not in the
     * WAL.
     */
    private static final String TABLES = """
            SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
              AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
            ORDER BY n.nspname, c.relname""";

    /** Columns that an index merely includes are not of the key; a deferrable key is no replica identity. */
    private static final String COLUMNS = """
            SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, a.attgenerated <> '',
                   c.relreplident = 'f'
                     OR (c.relreplident = 'd'
                         AND coalesce(i.indimmediate AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]), false))
                     OR EXISTS (SELECT FROM pg_catalog.pg_index r WHERE c.relreplident = 'i' AND r.indrelid = a.attrelid
                                AND r.indisreplident AND a.attnum = ANY ((r.indkey::int2[])[0:r.indnkeyatts - 1])),
                   NOT a.attnotnull
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
            WHERE a.attrelid = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum""";

    private static final String PRIMARY_KEY = """
            SELECT a.attname
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
            CROSS JOIN LATERAL pg_catalog.unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, n)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            WHERE n.nspname = ? AND c.relname = ?
            ORDER BY k.n""";

    private static final int GENERATED_SENT = 180_000;

    private final Connection connection;
    private final int serverVersion;

    public LedgerCatalog(Connection connection) throws SQLException {
        this.connection = connection;
        this.serverVersion = Integer.parseInt(setting("server_version_num"));
    }

    /** {@code server_version_num}, such as 180006. */
    public int serverVersion() {
        return serverVersion;
    }

    /** A run-time parameter of the server. */
    public String setting(String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT pg_catalog.current_setting(?)")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Names of all tables that can be captured, {@code schema.table}. */
    public List<String> tableNames() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                names.add(row.getString(2) + '.' + row.getString(3));
            }
        }
        return names;
    }

    /** The tables whose name {@code captured} accepts, with the columns that {@code publication}, if any, sends. */
    public List<LedgerTable> tables(Predicate<String> captured, Optional<Publication> publication) throws SQLException {
        List<TableRow> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                TableRow table = TableRow.read(row);
                if (captured.test(table.schema + '.' + table.name)) {
                    rows.add(table);
                }
            }
        }
        Map<Long, List<ColumnRow>> columns = columns(rows);
        Map<Long, TableKeys> keys =
                TableKeys.read(connection, rows.stream().map(TableRow::oid).toList());
        List<LedgerTable> tables = new ArrayList<>();
        for (TableRow row : rows) {
            tables.add(row.table(
                    columns.getOrDefault(row.oid, List.of()),
                    keys.getOrDefault(row.oid, TableKeys.NONE),
                    publication,
                    serverVersion >= GENERATED_SENT));
        }
        return tables;
    }

    /** The columns of a table's primary key as it is now, in the order of the key. Waits for no lock on the table. */
    public List<String> primaryKey(String schema, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(PRIMARY_KEY)) {
            query.setString(1, schema);
            query.setString(2, table);
            try (ResultSet row = query.executeQuery()) {
                List<String> columns = new ArrayList<>();
                while (row.next()) {
                    columns.add(row.getString(1));
                }
                return columns;
            }
        }
    }

    private Map<Long, List<ColumnRow>> columns(List<TableRow> tables) throws SQLException {
        Map<Long, List<ColumnRow>> columns = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "oid", tables.stream().map(table -> table.oid).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    columns.computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
                            .add(ColumnRow.read(row));
                }
            }
        }
        return columns;
    }

    private record ColumnRow(
            String name, int typeOid, int typeModifier, boolean generated, boolean identity, boolean nullable) {
        static ColumnRow read(ResultSet row) throws SQLException {
            return new ColumnRow(
                    row.getString(2),
                    (int) row.getLong(3),
                    row.getInt(4),
                    row.getBoolean(5),
                    row.getBoolean(6),
                    row.getBoolean(7));
        }

        Relation.Column column() {
            return new Relation.Column(identity, name, typeOid, typeModifier);
        }
    }

    private record TableRow(long oid, String schema, String name, boolean partitioned, char identity) {
        static TableRow read(ResultSet row) throws SQLException {
            return new TableRow(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4).equals("p"),
                    row.getString(5).charAt(0));
        }

        /**
         * @param sendsGenerated whether changes can have generated columns; before, publications list them and send
         *     none
         */
        LedgerTable table(
                List<ColumnRow> columns, TableKeys keys, Optional<Publication> publication, boolean sendsGenerated) {
            List<String> published = publication
                    .map(value -> value.tables().get(schema + '.' + name))
                    .map(Publication.Member::columns)
                    .orElse(null);
            Predicate<ColumnRow> sent = published == null
                    ? column -> !column.generated
                    : column -> published.contains(column.name) && (sendsGenerated || !column.generated);
            return new LedgerTable(
                    new Relation(
                            (int) oid,
                            schema,
                            name,
                            identity,
                            columns.stream().filter(sent).map(ColumnRow::column).toList()),
                    keys,
                    names(columns, ColumnRow::nullable),
                    names(columns, column -> !sent.test(column) && column.generated),
                    names(columns, column -> !sent.test(column) && !column.generated),
                    partitioned);
        }

        private static List<String> names(List<ColumnRow> columns, Predicate<ColumnRow> which) {
            return columns.stream().filter(which).map(ColumnRow::name).toList();
        }
    }

    /** The publication of this name, if there is one. */
    public Optional<Publication> publication(String name) throws SQLException {
        String query = "SELECT puballtables, pubviaroot, pubinsert, pubupdate, pubdelete, pubtruncate"
                + " FROM pg_catalog.pg_publication WHERE pubname = ?";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                List<String> unpublished = new ArrayList<>();
                String[] operations = {"insert", "update", "delete", "truncate"};
                for (int i = 0; i < operations.length; i++) {
                    if (!row.getBoolean(3 + i)) {
                        unpublished.add(operations[i]);
                    }
                }
                return Optional.of(new Publication(
                        name, row.getBoolean(1), row.getBoolean(2), List.copyOf(unpublished), members(name)));
            }
        }
    }

    private Map<String, Publication.Member> members(String publication) throws SQLException {
        String restrictions = serverVersion >= VERSION_15 ? "attnames::text[], rowfilter" : "NULL::text[], NULL::text";
        Map<String, Publication.Member> members = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT schemaname, tablename, " + restrictions
                + " FROM pg_catalog.pg_publication_tables WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> columns = row.getArray(3) == null
                            ? null
                            : List.of((String[]) row.getArray(3).getArray());
                    members.put(
                            row.getString(1) + '.' + row.getString(2),
                            new Publication.Member(columns, row.getString(4)));
                }
            }
        }
        return members;
    }

    /** Declarations such as {@code numeric(20,4)} for columns given by type OID and modifier, in order. */
    public List<String> formatTypes(List<Relation.Column> columns) throws SQLException {
        String query =
                "SELECT pg_catalog.format_type(t, m) FROM unnest(?::oid[], ?::int4[]) WITH ORDINALITY AS c (t, m, n)"
                        + " ORDER BY n";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "oid",
                            columns.stream()
                                    .map(column -> Integer.toUnsignedLong(column.typeOid()))
                                    .toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int4",
                            columns.stream().map(Relation.Column::typeModifier).toArray()));
            List<String> types = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    types.add(row.getString(1));
                }
            }
            return types;
        }
    }
}
