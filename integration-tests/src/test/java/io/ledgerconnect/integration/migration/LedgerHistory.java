package io.ledgerconnect.integration.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happens in the database: before the connectors start, for their snapshots, and while they stream. */
final class LedgerHistory {
    static final String PUBLICATION = "comparison";
    /** Its only row ends the history. */
    static final String LAST_TABLE = "done";

    /** Parts of each record, whatever its table. */
    static final Set<String> OF_EVERY_RECORD = Set.of("source", "envelope", "transaction", "transactions", "messages");

    private static final String TABLES = """
            CREATE TABLE app.accounts (id integer PRIMARY KEY, owner text NOT NULL, balance bigint DEFAULT 7, note text);
            CREATE TABLE app.pairs (a integer, b text, c text, PRIMARY KEY (b, a));
            CREATE TABLE app.full_identity (id integer PRIMARY KEY, a text, note text);
            ALTER TABLE app.full_identity REPLICA IDENTITY FULL;
            CREATE TABLE app.index_identity (id integer PRIMARY KEY, code text NOT NULL UNIQUE, a text);
            ALTER TABLE app.index_identity REPLICA IDENTITY USING INDEX index_identity_code_key;
            CREATE TABLE app.parted (id integer, day date, a text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE app.parted_2025 PARTITION OF app.parted FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE TABLE app.parted_2026 PARTITION OF app.parted FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE app.truncated (id integer PRIMARY KEY, a text);
            CREATE TABLE app.altered (id integer PRIMARY KEY, a text, b integer);
            CREATE TABLE app."Mixed Case" ("Id" integer PRIMARY KEY, "a column" text);
            CREATE TABLE app.parent (id integer PRIMARY KEY, a text);
            CREATE TABLE app.child (b integer, PRIMARY KEY (id)) INHERITS (app.parent);
            INSERT INTO app.parent VALUES (1, 'a');
            INSERT INTO app.child VALUES (2, 'b', 7);
            CREATE TABLE app.generated (id integer PRIMARY KEY, a integer, twice integer GENERATED ALWAYS AS (a * 2) STORED,
                counted bigint GENERATED ALWAYS AS IDENTITY);
            INSERT INTO app.generated VALUES (1, 21);
            CREATE TABLE app.done (id integer PRIMARY KEY);
            INSERT INTO app.accounts VALUES (1, 'Ann', NULL, NULL), (2, 'Bob', 5, 'x');
            INSERT INTO app.pairs VALUES (1, 'x', 'first');
            INSERT INTO app.full_identity VALUES (1, 'a', NULL);
            INSERT INTO app.index_identity VALUES (1, 'one', 'a');
            INSERT INTO app.parted VALUES (1, '2025-05-01', 'a'), (2, '2026-05-01', 'b');
            INSERT INTO app.altered VALUES (1, 'a', 1)""";

    /** Long values that are stored out of line, and that updates leave there. */
    private static final String TOAST = """
            ALTER TABLE app.accounts ALTER note SET STORAGE EXTERNAL;
            ALTER TABLE app.full_identity ALTER note SET STORAGE EXTERNAL;
            INSERT INTO app.accounts VALUES (3, 'Cid', 1, repeat('long ', 1000));
            INSERT INTO app.full_identity VALUES (3, 'c', repeat('long ', 1000))""";

    private static final List<String> CHANGES = List.of(
            "INSERT INTO app.accounts VALUES (4, 'Dan', 10, NULL)",
            "UPDATE app.accounts SET balance = NULL WHERE id = 4",
            "UPDATE app.accounts SET balance = balance + 1 WHERE id = 3",
            "UPDATE app.accounts SET id = 40 WHERE id = 4",
            "DELETE FROM app.accounts WHERE id = 40",
            "BEGIN; INSERT INTO app.accounts VALUES (5, 'Eve'), (6, 'Fay'); UPDATE app.pairs SET c = 'second'; COMMIT",
            "UPDATE app.pairs SET b = 'y'",
            "DELETE FROM app.pairs",
            "UPDATE app.full_identity SET a = 'b' WHERE id = 1",
            "UPDATE app.full_identity SET a = 'd' WHERE id = 3",
            "UPDATE app.full_identity SET id = 30 WHERE id = 3",
            "DELETE FROM app.full_identity WHERE id = 30",
            "INSERT INTO app.index_identity VALUES (2, 'two', 'b')",
            "UPDATE app.index_identity SET a = 'c' WHERE id = 2",
            "DELETE FROM app.index_identity WHERE id = 2",
            "UPDATE app.parted SET a = 'c' WHERE id = 1",
            "UPDATE app.parted SET day = '2026-06-01' WHERE id = 1",
            "DELETE FROM app.parted WHERE id = 2",
            "INSERT INTO app.truncated VALUES (1, 'a')",
            "TRUNCATE app.truncated",
            "INSERT INTO app.truncated VALUES (2, 'b')",
            "ALTER TABLE app.altered ADD COLUMN c numeric(10, 2)",
            "INSERT INTO app.altered VALUES (2, 'b', 2, 1.5)",
            "ALTER TABLE app.altered ALTER b TYPE bigint",
            "UPDATE app.altered SET b = 3000000000 WHERE id = 2",
            "ALTER TABLE app.altered RENAME a TO renamed",
            "INSERT INTO app.altered VALUES (3, 'c', 3, 2.5)",
            "ALTER TABLE app.altered DROP COLUMN b",
            "INSERT INTO app.altered VALUES (4, 'd', 3.5)",
            "DELETE FROM app.altered WHERE id = 4",
            "INSERT INTO app.\"Mixed Case\" VALUES (1, 'a')",
            "INSERT INTO app.child VALUES (3, 'c', 8)",
            "UPDATE app.parent SET a = 'd'",
            "DELETE FROM app.parent WHERE id = 2",
            "INSERT INTO app.generated VALUES (2, 4)",
            "UPDATE app.generated SET a = 5 WHERE id = 2",
            "BEGIN; INSERT INTO app.accounts VALUES (7, 'Gil'); SAVEPOINT s; INSERT INTO app.accounts VALUES (8, 'Hal');"
                    + " ROLLBACK TO s; SAVEPOINT t; INSERT INTO app.accounts VALUES (9, 'Ida'); RELEASE t;"
                    + " UPDATE app.accounts SET balance = 1 WHERE id = 7; COMMIT",
            "SELECT pg_logical_emit_message(true, 'audit', 'a text')",
            "SELECT pg_logical_emit_message(false, 'audit', '\\x00ff10'::bytea)",
            "BEGIN; INSERT INTO app.pairs VALUES (3, 'z', 'third');"
                    + " SELECT pg_logical_emit_message(true, 'note', ''); DELETE FROM app.pairs WHERE a = 3; COMMIT");

    private static final Map<String, String> IDENTITIES =
            Map.of("full_identity", "FULL", "index_identity", "USING INDEX");

    static final List<String> REPLICA_IDENTITIES = List.of("DEFAULT", "FULL", "USING INDEX");

    private LedgerHistory() {}

    /** The replica identity of a table, in the words of ALTER TABLE. */
    static String replicaIdentity(String table) {
        return IDENTITIES.getOrDefault(table, "DEFAULT");
    }

    /** Makes everything, with rows for the snapshots. */
    static List<String> beforeStart() {
        List<String> statements = new ArrayList<>(List.of(
                "CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS hstore;"
                        + " CREATE EXTENSION IF NOT EXISTS ltree; CREATE SCHEMA app",
                TypeTables.TYPES,
                TABLES,
                TOAST));
        for (TypeTables.Table table : TypeTables.ALL) {
            statements.add(table.create());
            statements.add(table.insert(1));
        }
        statements.add("CREATE PUBLICATION " + PUBLICATION
                + " FOR TABLES IN SCHEMA app WITH (publish_via_partition_root = true)");
        return statements;
    }

    /** Changes of every kind, and the rows of all types once more. */
    static List<String> whileStreaming() {
        List<String> statements = new ArrayList<>(CHANGES);
        for (TypeTables.Table table : TypeTables.ALL) {
            statements.add(table.insert(101));
            statements.add("UPDATE app." + table.name() + " SET id = id WHERE id = 101");
            statements.add("DELETE FROM app." + table.name() + " WHERE id = 101");
        }
        statements.add("INSERT INTO app." + LAST_TABLE + " VALUES (1)");
        return statements;
    }
}
