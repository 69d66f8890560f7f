package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.Trait.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a reporting table does besides keeping rows, read from the server's catalog. */
record Traits(List<Trait> all) {
    private static final String QUERY = """
            WITH target AS (
                SELECT c.oid, c.relname, c.relkind, c.relpersistence
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ?),
            tree AS (
                SELECT oid FROM target UNION SELECT p.relid::oid FROM target, pg_catalog.pg_partition_tree(target.oid) p),
            parts AS (
                SELECT c.oid, c.relkind, c.relpersistence FROM pg_catalog.pg_class c JOIN tree ON tree.oid = c.oid),
            fired AS (
                SELECT CASE WHEN pg_catalog.current_setting('session_replication_role') = 'replica' THEN '{R,A}'
                       ELSE '{O,A}' END::"char"[] AS when_enabled),
            reference AS (
                SELECT conname, confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd') AS acts
                FROM pg_catalog.pg_constraint JOIN tree ON conrelid = tree.oid
                WHERE contype = 'f' AND conparentid = 0)
            SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED_VIEW' WHEN 'f' THEN 'FOREIGN_TABLE'
                       ELSE 'NO_TABLE' END, relname::text, NULL, NULL::text[]
            FROM target WHERE relkind NOT IN ('r', 'p')
            UNION ALL
            SELECT 'FOREIGN_PARTITION', parts.oid::regclass::text, NULL, NULL
            FROM parts, target WHERE parts.relkind = 'f' AND parts.oid <> target.oid
            UNION ALL
            SELECT 'UNLOGGED', oid::regclass::text, NULL, NULL FROM parts WHERE relpersistence = 'u' AND relkind = 'r'
            UNION ALL
            SELECT 'ROW_SECURITY', relname::text, NULL, NULL
            FROM target WHERE relkind IN ('r', 'p') AND pg_catalog.row_security_active(oid)
            UNION ALL
            SELECT 'RULE', r.rulename::text, NULL, NULL
            FROM fired, pg_catalog.pg_rewrite r JOIN target ON r.ev_class = target.oid
            WHERE r.ev_type <> '1' AND r.ev_enabled = ANY (when_enabled) AND relkind IN ('r', 'p')
            UNION ALL
            SELECT 'CHILD', i.inhrelid::regclass::text, NULL, NULL
            FROM pg_catalog.pg_inherits i JOIN target ON i.inhparent = target.oid WHERE target.relkind = 'r'
            UNION ALL
            SELECT CASE WHEN acts THEN 'ACTION' ELSE 'FOREIGN_KEY' END, conname::text, NULL, NULL FROM reference
            UNION ALL
            SELECT 'TRIGGER', t.tgname::text, NULL, NULL
            FROM fired, pg_catalog.pg_trigger t JOIN tree ON t.tgrelid = tree.oid
            WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled = ANY (when_enabled) AND t.tgtype & 3 = 3
            UNION ALL
            SELECT 'UNIQUE', x.relname::text,
                   CASE WHEN k.oid IS NULL
                        THEN pg_catalog.format('In the place of the index, ALTER TABLE %s ADD UNIQUE (...) DEFERRABLE'
                            ' INITIALLY DEFERRED', i.indrelid::regclass)
                        ELSE pg_catalog.format('ALTER TABLE %1$s DROP CONSTRAINT %2$I, ADD CONSTRAINT %2$I %3$s'
                            ' DEFERRABLE INITIALLY DEFERRED', i.indrelid::regclass, x.relname,
                            pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' DEFERRABLE.*', '')) END,
                   ARRAY(SELECT a.attname::text
                         FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) AS c (attnum)
                         JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = c.attnum)
            FROM pg_catalog.pg_index i
            JOIN target ON i.indrelid = target.oid
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
            WHERE (i.indisunique OR i.indisexclusion) AND NOT coalesce(k.condeferred, false)""";

    static Traits of(Connection connection, TableName table) throws SQLException {
        List<Trait> traits = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setString(1, table.schema());
            query.setString(2, table.table());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Set<String> columns = row.getArray(4) == null
                            ? Set.of()
                            : Set.of((String[]) row.getArray(4).getArray());
                    traits.add(new Trait(Kind.valueOf(row.getString(1)), row.getString(2), row.getString(3), columns));
                }
            }
        }
        return new Traits(List.copyOf(traits));
    }

    /** Whether there is a table at all, and not a view or the like. */
    boolean isTable() {
        return all.stream().noneMatch(Trait::isNoTable);
    }

    /** Whether rows may be altered or left out on their way into the table. */
    boolean hasRowTriggers() {
        return all.stream().anyMatch(trait -> trait.kind() == Kind.TRIGGER);
    }

    /** Why the table is not written; sentences. */
    List<String> problems(TableName table, TableMode mode) {
        return sentences(table, mode, trait -> !trait.isAllowed());
    }

    /** What may stop the sink or alter rows one day; sentences. */
    List<String> warnings(TableName table, TableMode mode, Collection<String> key) {
        return sentences(table, mode, trait -> trait.isAllowed() && !isImplied(trait, key));
    }

    /** Whether rows that differ in the key cannot meet in the index. */
    private static boolean isImplied(Trait trait, Collection<String> key) {
        return trait.kind() == Kind.UNIQUE && !key.isEmpty() && trait.columns().containsAll(key);
    }

    private List<String> sentences(TableName table, TableMode mode, Predicate<Trait> which) {
        return all.stream()
                .filter(which)
                .filter(trait -> mode.isKeyed() || !trait.isKeyed())
                .map(trait -> trait.sentence(table))
                .toList();
    }
}
