package io.ledgerconnect.source.catalog;

import io.ledgerconnect.source.offset.PublicationVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads which version of a publication there is now. */
public final class PublicationVersions {
    private static final int VERSION_15 = 150_000;

    private static final String TABLES = """
            SELECT prpubid AS publication, prrelid AS relation, oid::text || '.' || xmin::text AS version
            FROM pg_catalog.pg_publication_rel""";

    private static final String TABLES_OF_SCHEMAS = """
             UNION ALL
            SELECT n.pnpubid, c.oid, n.oid::text || '.' || n.xmin::text
            FROM pg_catalog.pg_publication_namespace n
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.pnnspid AND c.relkind IN ('r', 'p')""";

    private PublicationVersions() {}

    /** Empty when there is no such publication. */
    public static Optional<PublicationVersion> read(Connection connection, int serverVersion, String name)
            throws SQLException {
        String members = serverVersion < VERSION_15 ? TABLES : TABLES + TABLES_OF_SCHEMAS;
        try (PreparedStatement query =
                connection.prepareStatement("SELECT p.oid::text || '.' || p.xmin::text, m.relation, m.version"
                        + " FROM pg_catalog.pg_publication p LEFT JOIN (" + members
                        + ") m ON m.publication = p.oid WHERE p.pubname = ? ORDER BY 2, 3")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return read(row);
            }
        }
    }

    private static Optional<PublicationVersion> read(ResultSet row) throws SQLException {
        String publication = null;
        Map<Integer, String> tables = new HashMap<>();
        while (row.next()) {
            publication = row.getString(1);
            String version = row.getString(3);
            if (version != null) {
                tables.merge((int) row.getLong(2), version, (one, other) -> one + '+' + other);
            }
        }
        return publication == null
                ? Optional.empty()
                : Optional.of(new PublicationVersion(publication, Map.copyOf(tables)));
    }
}
