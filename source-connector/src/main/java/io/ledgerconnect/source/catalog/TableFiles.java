package io.ledgerconnect.source.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads which files hold the rows of a table, as the connection's transaction sees it. */
public final class TableFiles {
    private static final String FILES = """
            WITH RECURSIVE tree (oid) AS (
                SELECT ?::oid
                UNION ALL
                SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid WHERE ?)
            SELECT c.oid, n.nspname, c.relname, c.relfilenode,
                   coalesce(pg_catalog.pg_relation_size(c.oid), 0) / pg_catalog.current_setting('block_size')::bigint,
                   coalesce(pg_catalog.has_table_privilege(c.oid, 'SELECT')
                            AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                            AND NOT pg_catalog.row_security_active(c.oid), true)
            FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind <> 'p' ORDER BY c.oid""";

    private TableFiles() {}

    /**
     * The files of a table in the order of reading, sizes as they are now. A partitioned table is one without places
     * when one of its leaves may not be read by itself, or is a foreign table. Waits while a table is locked against
     * readers.
     */
    public static List<TableFile> of(Connection connection, LedgerTable table) throws SQLException {
        List<TableFile> files = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(FILES)) {
            query.setString(1, Integer.toUnsignedString(table.relation().oid()));
            query.setBoolean(2, table.partitioned());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    files.add(new TableFile(
                            (int) row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getBoolean(6)));
                }
            }
        }
        if (!table.partitioned() || files.stream().allMatch(file -> file.readable() && file.hasPlaces())) {
            return files;
        }
        long pages = files.stream().mapToLong(TableFile::pages).sum();
        return List.of(TableFile.ofRoot(table.relation(), pages));
    }
}
