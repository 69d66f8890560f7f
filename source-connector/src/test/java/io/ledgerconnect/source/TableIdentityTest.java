package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a table is and how its rows are told apart must not change under a stream: then it stops, or goes on exactly.
 */
class TableIdentityTest {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void captureAndStop() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (line int, x text, book int, PRIMARY KEY (book, line))",
                "INSERT INTO entries SELECT i, 'x', 7 FROM generate_series(1, 20) i");
        settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
    }

    private Map<String, Integer> partitionsOfKeys(String... statements) throws Exception {
        Map<String, Integer> partitions = new HashMap<>();
        LedgerServer.execute(database, statements);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollThroughNow(database).stream()
                    .filter(change -> change.value() != null)
                    .forEach(change -> partitions.put(secondOf(RunningTask.key(change)), change.kafkaPartition()));
            Sequences.expectGoesOn(task.received);
        }
        return partitions;
    }

    private static String secondOf(Struct key) {
        return String.valueOf(key.get(key.schema().fields().get(1)));
    }

    private void expectStop(String[] words, String... statements) throws Exception {
        LedgerServer.execute(database, statements);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            ConnectException failure = task.pollUntilFailure();
            assertThat(failure).hasMessageContainingAll(words);
        }
    }

    private static String[] words(String... words) {
        return words;
    }

    @Test
    void aRenamedKeyColumnKeepsTheOrderOfTheKey() throws Exception {
        Map<String, Integer> before = partitionsOfKeys("UPDATE entries SET x = 'y'");
        assertThat(before).hasSize(20);
        // The catalogue is ahead of the first statement's changes, and behind those of none.
        Map<String, Integer> after = partitionsOfKeys(
                "UPDATE entries SET x = 'z'",
                "ALTER TABLE entries RENAME COLUMN book TO ledger",
                "UPDATE entries SET x = 'zz'",
                "ALTER TABLE entries RENAME COLUMN line TO leg",
                "DELETE FROM entries");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void whatCameBeforeAStopIsSent() throws Exception {
        LedgerServer.execute(
                database,
                "UPDATE entries SET x = 'before' WHERE line <= 3",
                "ALTER TABLE entries DROP CONSTRAINT entries_pkey, ADD PRIMARY KEY (line)",
                "UPDATE entries SET x = 'after'");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollUntilFailure()).hasMessageContaining("Everything before this change is sent");
            assertThat(task.changes().stream()
                            .map(change -> RunningTask.after(change).getString("x")))
                    .containsExactly("before", "before", "before");
            task.store(task.received.get(task.received.size() - 1));
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntilFailure();
            assertThat(task.changes()).isEmpty();
        }
    }

    @Test
    void aKeyThatIsRedefinedInAnotherOrderKeepsItsOwn() throws Exception {
        // Its columns are the same, so its rows are told apart as before: the order is kept, too.
        Map<String, Integer> before = partitionsOfKeys("UPDATE entries SET x = 'y'");
        Map<String, Integer> after = partitionsOfKeys(
                "ALTER TABLE entries DROP CONSTRAINT entries_pkey, ADD PRIMARY KEY (line, book)",
                "DELETE FROM entries");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void anotherKeyStops() throws Exception {
        expectStop(
                words("key of table public.entries was changed", "[book, line]", "[line]"),
                "ALTER TABLE entries DROP CONSTRAINT entries_pkey, ADD PRIMARY KEY (line)",
                "DELETE FROM entries");
    }

    @Test
    void aWiderReplicaIdentityKeepsTheKey() throws Exception {
        Map<String, Integer> before = partitionsOfKeys("UPDATE entries SET x = 'y'");
        // The catalogue is ahead of the first statements' changes.
        Map<String, Integer> after = partitionsOfKeys(
                "ALTER TABLE entries ALTER x SET NOT NULL",
                "CREATE UNIQUE INDEX wide ON entries (x, line, book)",
                "ALTER TABLE entries REPLICA IDENTITY USING INDEX wide",
                "UPDATE entries SET x = 'z'",
                "ALTER TABLE entries RENAME COLUMN book TO ledger",
                "DELETE FROM entries");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void aReplicaIdentityWithoutTheKeyStops() throws Exception {
        expectStop(
                words("key of table public.entries was changed", "[book, line]", "[line]"),
                "CREATE UNIQUE INDEX narrow ON entries (line)",
                "ALTER TABLE entries REPLICA IDENTITY USING INDEX narrow",
                "DELETE FROM entries");
    }

    @Test
    void anotherKeyUnderAWiderReplicaIdentityStops() throws Exception {
        expectStop(
                words("key of table public.entries was changed", "[book, line]", "[line]"),
                "ALTER TABLE entries DROP CONSTRAINT entries_pkey, ADD PRIMARY KEY (line)",
                "CREATE UNIQUE INDEX wide ON entries (line, book)",
                "ALTER TABLE entries ADD z int NOT NULL DEFAULT 0",
                "CREATE UNIQUE INDEX wider ON entries (line, book, z)",
                "ALTER TABLE entries REPLICA IDENTITY USING INDEX wider",
                "DELETE FROM entries");
    }

    @Test
    void aReplicaIdentityWithoutTheColumnsOfMessageKeysStops() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE notes (id int PRIMARY KEY, nr int NOT NULL UNIQUE)",
                "ALTER TABLE notes REPLICA IDENTITY FULL");
        settings.put("message.key.columns", "public.notes:nr");
        settings.put("slot.name", database + "_notes");
        settings.put("publication.name", "notes");
        settings.put("table.include.list", "public.notes");
        offsets.clear();
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO notes VALUES (1, 10)", "UPDATE notes SET nr = 11");
            task.store(task.pollThroughNowAndOn(database));
        }
        expectStop(
                words("key [nr] of table public.notes", "not in its replica identity", "[id]", "REPLICA IDENTITY FULL"),
                "ALTER TABLE notes REPLICA IDENTITY DEFAULT",
                "DELETE FROM notes");
    }

    @Test
    void aKeyOfAnotherTypeStops() throws Exception {
        expectStop(
                words("Key column public.entries.book was altered from number to text"),
                "ALTER TABLE entries ALTER book TYPE text",
                "DELETE FROM entries");
    }

    @Test
    void aWidenedKeyGoesOn() throws Exception {
        Map<String, Integer> before = partitionsOfKeys("UPDATE entries SET x = 'y'");
        assertThat(partitionsOfKeys("ALTER TABLE entries ALTER line TYPE bigint", "DELETE FROM entries"))
                .isEqualTo(before);
    }

    @Test
    void aTableThatWasRenamedStops() throws Exception {
        settings.put("table.include.list", "public.entries");
        expectStop(
                words("public.entries was renamed to public.journal"),
                "ALTER TABLE entries RENAME TO journal",
                "DELETE FROM journal");
    }

    @Test
    void aTableThatTookTheNameOfAnotherStops() throws Exception {
        expectStop(
                words("public.entries is another one than before"),
                "ALTER PUBLICATION ledger_connect DROP TABLE entries",
                "DROP TABLE entries",
                "CREATE TABLE entries (line int, x text, book int, PRIMARY KEY (book, line))",
                "ALTER PUBLICATION ledger_connect ADD TABLE entries",
                "INSERT INTO entries VALUES (1, 'x', 1)");
    }

    @Test
    void aTableThatWasNotCapturedBeforeStopsWhereItsRowsCannotBeRead() throws Exception {
        settings.put("table.include.list", "public.entries");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        settings.put("table.include.list", "public.entries,public.notes");
        settings.put("snapshot.request.key", "");
        expectStop(
                words("public.notes were not captured before", "Set snapshot.request.key"),
                "CREATE TABLE notes (id int PRIMARY KEY)",
                "INSERT INTO notes VALUES (1)",
                "ALTER PUBLICATION ledger_connect ADD TABLE notes");
    }

    @Test
    void aTypeThatIsGoneIsNamed() throws Exception {
        expectStop(
                words("public.entries.mood", "column.exclude.list=public\\.entries\\.mood"),
                "CREATE TYPE mood AS ENUM ('fine')",
                "ALTER TABLE entries ADD mood mood",
                "UPDATE entries SET mood = 'fine'",
                "ALTER TABLE entries DROP mood",
                "DROP TYPE mood");
    }

    @Test
    void aNewKeyKeepsValuesThatAreStoredOutOfLine() throws SQLException, Exception {
        LedgerServer.execute(
                database,
                "ALTER TABLE entries ALTER x SET STORAGE EXTERNAL",
                "INSERT INTO entries VALUES (100, repeat('long', 3000), 7)");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollThroughNowAndOn(database));
        }
        LedgerServer.execute(database, "UPDATE entries SET line = 101 WHERE line = 100");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            var created = task.pollThroughNow(database).stream()
                    .filter(change -> RunningTask.operation(change).equals("c"))
                    .findFirst()
                    .orElseThrow();
            assertThat(RunningTask.after(created).getString("x")).isEqualTo("long".repeat(3000));
            assertThat(created.headers().lastWithName("ledger.absent")).isNull();
        }
    }
}
