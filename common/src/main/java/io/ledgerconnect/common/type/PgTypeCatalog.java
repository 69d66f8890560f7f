package io.ledgerconnect.common.type;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of one database by OID, read from {@code pg_type} on demand and remembered. Thread-safe. A type that is
 * altered under us (a new enum label, another attribute) is read anew by a new catalog.
 */
public final class PgTypeCatalog {
    private static final String QUERY = """
            SELECT t.typname, t.typtype, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typbasetype, t.typtypmod,
                   ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
                   t.typsend <> 0,
                   ARRAY(SELECT p.oid FROM (
                       SELECT a.attnum, a.atttypid FROM pg_catalog.pg_attribute a
                       WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                       UNION ALL SELECT 0, r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
                       UNION ALL SELECT 0, r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid
                   ) p (n, oid) ORDER BY p.n)
            FROM pg_catalog.pg_type t WHERE t.oid = ?""";

    private final Map<Integer, PgType> types = new HashMap<>();

    /**
     * The type with this OID.
     *
     * @param connection stays open as long as values of the type are read
     * @throws SQLException when the database does not answer, or has no such type (42704)
     */
    public synchronized PgType type(Connection connection, int oid) throws SQLException {
        PgType known = types.get(oid);
        if (known != null) {
            return known;
        }
        PgType read = read(connection, oid);
        types.put(oid, read);
        return read;
    }

    private PgType read(Connection connection, int oid) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw TypesByOid.undefined(oid);
                }
                String name = row.getString(1);
                char kind = row.getString(2).charAt(0);
                int element = (int) row.getLong(3);
                int base = (int) row.getLong(4);
                int baseModifier = row.getInt(5);
                List<String> labels = List.of((String[]) row.getArray(6).getArray());
                boolean hasBinary = row.getBoolean(7);
                Long[] parts = (Long[]) row.getArray(8).getArray();
                return new PgType(
                        oid,
                        name,
                        kind,
                        hasBinary,
                        element == 0 ? null : type(connection, element),
                        base == 0 ? null : type(connection, base),
                        baseModifier,
                        labels,
                        all(connection, parts),
                        other -> type(connection, other));
            }
        }
    }

    private List<PgType> all(Connection connection, Long[] oids) throws SQLException {
        List<PgType> all = new ArrayList<>();
        for (long oid : oids) {
            all.add(type(connection, (int) oid));
        }
        return List.copyOf(all);
    }
}
