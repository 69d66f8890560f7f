package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Composite types that are altered under a capture: a value is read as what it is, and not by its type's other form.
 */
class AlteredTypesTest {
    private static final String[] ALTERED = {
        "ALTER TYPE amount DROP ATTRIBUTE b, ADD ATTRIBUTE b float8",
        "INSERT INTO entries VALUES (3, '(1,1.5)', '{\"(2,2.5)\",NULL}')",
        "CREATE TYPE mood AS ENUM ('fine', 'so so')",
        "ALTER TYPE amount ADD ATTRIBUTE m mood, ADD ATTRIBUTE l int[]",
        "INSERT INTO entries VALUES (4, '(1,1.5,\"so so\",\"{7,8}\")', '{\"(2,,,)\"}')",
        "ALTER TYPE amount DROP ATTRIBUTE a",
        "INSERT INTO entries VALUES (5, '(1.5,fine,)', '{}')"
    };
    private static final String[] AS_ALTERED = {"(1,1.5)", "(1,1.5,\"so so\",\"{7,8}\")", "(1.5,fine,)"};

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TYPE amount AS (a int8, b int8)",
                "CREATE TABLE entries (id int PRIMARY KEY, c amount, cs amount[])",
                "INSERT INTO entries VALUES (1, '(7,8)', '{\"(9,10)\"}')");
        settings = LedgerServer.settings(database);
    }

    /** What the changes made since an earlier capture stopped, or what a new one captures, and where it got to. */
    private List<SourceRecord> resume() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            List<SourceRecord> changes = task.pollThroughNow(database);
            task.store(task.received.get(task.received.size() - 1));
            return changes;
        }
    }

    private static List<String> amounts(List<SourceRecord> changes) {
        return changes.stream()
                .map(change -> RunningTask.after(change).getString("c"))
                .toList();
    }

    private static List<List<String>> lists(List<SourceRecord> changes) {
        return changes.stream()
                .map(change -> RunningTask.after(change).<String>getArray("cs"))
                .toList();
    }

    @Test
    void areReadAnewWhileTheCaptureRuns() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO entries VALUES (2, '(1,2)', NULL)");
            LedgerServer.execute(database, ALTERED);
            List<SourceRecord> changes = task.pollThroughNow(database);
            assertThat(amounts(changes).subList(2, 5)).containsExactly(AS_ALTERED);
            assertThat(lists(changes).get(2)).containsExactly("(2,2.5)", null);
            assertThat(lists(changes).get(3)).containsExactly("(2,,,)");
        }
    }

    /** The catalogue has the latest form by then. */
    @Test
    void areReadAsTheyWereAfterAStop() throws Exception {
        resume();
        LedgerServer.execute(database, "INSERT INTO entries VALUES (2, '(1,2)', '{\"(3,4)\"}')");
        LedgerServer.execute(database, ALTERED);
        List<SourceRecord> changes = resume();
        assertThat(amounts(changes).get(0)).isEqualTo("(1,2)");
        assertThat(amounts(changes).subList(1, 4)).containsExactly(AS_ALTERED);
        assertThat(lists(changes).get(0)).containsExactly("(3,4)");
        assertThat(lists(changes).get(1)).containsExactly("(2,2.5)", null);
    }

    @Test
    void haveFieldsOfCompositesAndDomains() throws Exception {
        resume();
        LedgerServer.execute(
                database,
                "CREATE TYPE inner_type AS (x int)",
                "CREATE DOMAIN positive AS numeric CHECK (VALUE > 0)",
                "ALTER TYPE amount ADD ATTRIBUTE i inner_type, ADD ATTRIBUTE p positive",
                "INSERT INTO entries VALUES (2, '(1,2,\"(5)\",6.70)', NULL)",
                "ALTER TYPE inner_type DROP ATTRIBUTE x, ADD ATTRIBUTE y float8, ADD ATTRIBUTE z text",
                "INSERT INTO entries VALUES (3, '(1,2,\"(5.5,t)\",6.70)', NULL)");
        assertThat(amounts(resume())).containsExactly("(1,2,\"(5)\",6.70)", "(1,2,\"(5.5,t)\",6.70)");
    }

    /** A table's rows are a type too. */
    @Test
    void areTables() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE parts (a int PRIMARY KEY, b int)",
                "CREATE TABLE wholes (id int PRIMARY KEY, part parts)",
                "INSERT INTO wholes VALUES (1, '(1,2)')");
        resume();
        LedgerServer.execute(
                database,
                "INSERT INTO wholes VALUES (2, '(1,2)')",
                "ALTER TABLE parts DROP COLUMN b, ADD COLUMN b float8, ADD COLUMN c date",
                "INSERT INTO wholes VALUES (3, '(1,1.5,2026-01-01)')");
        assertThat(resume())
                .extracting(change -> RunningTask.after(change).getString("part"))
                .containsExactly("(1,2)", "(1,1.5,2026-01-01)");
    }

    @Test
    void stopTheTaskWhereATypeOfAFieldIsGone() throws Exception {
        LedgerServer.execute(database, "CREATE TYPE mood AS ENUM ('fine')", "ALTER TYPE amount ADD ATTRIBUTE m mood");
        resume();
        LedgerServer.execute(
                database,
                "INSERT INTO entries VALUES (2, '(1,2,)', NULL)",
                "INSERT INTO entries VALUES (3, '(1,2,fine)', NULL)",
                "ALTER TYPE amount DROP ATTRIBUTE m",
                "DROP TYPE mood");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollUntilFailure().getMessage())
                    .contains("The type of a field of column public.entries.c was dropped")
                    .contains("before all changes that use it were captured")
                    .contains("column.exclude.list=public\\.entries\\.c")
                    .contains("This change is in the transaction committed at ")
                    .doesNotContain("fine");
            assertThat(amounts(task.changes())).containsExactly("(1,2,)");
        }
    }

    @Test
    void stopTheTaskWhereAFieldCannotBeRead() throws Exception {
        LedgerServer.execute(database, "CREATE EXTENSION hstore");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "ALTER TYPE amount ADD ATTRIBUTE h hstore",
                    "INSERT INTO entries VALUES (2, '(1,2,a=>b)', NULL)");
            assertThat(task.pollUntilFailure().getMessage())
                    .contains("Column public.entries.c", "type hstore", "column.exclude.list")
                    .contains("This change is in the transaction committed at ");
        }
    }
}
