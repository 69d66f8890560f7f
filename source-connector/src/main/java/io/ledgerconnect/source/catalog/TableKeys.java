package io.ledgerconnect.source.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which columns tell a table's rows apart.
 *
 * @param primary columns of the primary key in its order, empty where there is none
 * @param deferrable name of the primary key's constraint where it is deferrable, else null
 * @param unique columns of every index under which no two rows are ever equal, the primary key's included: not
 *     deferrable, without WHERE, without expressions
 */
public record TableKeys(List<String> primary, String deferrable, List<List<String>> unique) {
    static final TableKeys NONE = new TableKeys(List.of(), null, List.of());

    /** Columns that an index merely includes are not of the key. A partitioned table's key may not be valid yet. */
    private static final String UNIQUE_INDEXES = """
            SELECT i.indrelid, i.indisprimary, c.relname, i.indimmediate, ARRAY(
                SELECT a.attname::text
                FROM pg_catalog.unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, n)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                ORDER BY k.n)
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = ANY (?) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
              AND (i.indisvalid OR i.indisprimary)""";

    /** The keys of tables by OID; those of a table without a unique index are missing. */
    static Map<Long, TableKeys> read(Connection connection, Collection<Long> tables) throws SQLException {
        Map<Long, TableKeys> keys = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(UNIQUE_INDEXES)) {
            query.setArray(1, connection.createArrayOf("oid", tables.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    List<String> columns = List.of((String[]) row.getArray(5).getArray());
                    TableKeys others = keys.getOrDefault(row.getLong(1), NONE);
                    keys.put(
                            row.getLong(1),
                            others.with(row.getBoolean(2), row.getString(3), row.getBoolean(4), columns));
                }
            }
        }
        return keys;
    }

    private TableKeys with(boolean isPrimary, String constraint, boolean immediate, List<String> columns) {
        List<List<String>> all = new ArrayList<>(unique);
        if (immediate) {
            all.add(columns);
        }
        return new TableKeys(
                isPrimary ? columns : primary, isPrimary && !immediate ? constraint : deferrable, List.copyOf(all));
    }

    /** Whether no two rows are ever equal in these columns, not even within a transaction or a statement. */
    public boolean tellApart(List<String> columns) {
        return unique.stream().anyMatch(columns::containsAll);
    }
}
