package io.ledgerconnect.cli.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A publication that has all changes of tables.
 *
 * @param tables {@code schema.table}
 */
record Publication(String name, Set<String> tables) {
    /** Without row filters, which came with PostgreSQL 15. */
    private static final String FIND = """
            SELECT p.pubname, array_agg(t.schemaname || '.' || t.tablename)
            FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
            WHERE p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate
              AND t.schemaname || '.' || t.tablename = ANY (?) AND to_jsonb(t) ->> 'rowfilter' IS NULL
            GROUP BY p.pubname ORDER BY count(*) DESC, p.pubname LIMIT 1""";

    Publication {
        tables = Set.copyOf(tables);
    }

    /** The one that has the most of these tables; empty where none has any. */
    static Optional<Publication> find(Connection ledger, List<TableFindings> tables) throws SQLException {
        try (PreparedStatement query = ledger.prepareStatement(FIND)) {
            Object[] names = tables.stream().map(table -> table.table().name()).toArray();
            query.setArray(1, ledger.createArrayOf("text", names));
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Publication(row.getString(1), Set.of((String[])
                                row.getArray(2).getArray())))
                        : Optional.empty();
            }
        }
    }

    /** Those of the tables that it has. */
    List<TableFindings> published(List<TableFindings> findings) {
        return findings.stream()
                .filter(table -> tables.contains(table.table().name()))
                .toList();
    }
}
