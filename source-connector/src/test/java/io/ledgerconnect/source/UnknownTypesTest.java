package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Types of extensions that no codec is for: they arrive as the text that the server writes for them. */
class UnknownTypesTest {
    private String database;
    private Map<String, String> settings;
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE EXTENSION cube",
                "CREATE EXTENSION seg",
                "CREATE EXTENSION isn",
                "CREATE DOMAIN spot AS cube CHECK (cube_dim(VALUE) = 1)",
                "CREATE TYPE placed AS (place cube, note text)",
                "CREATE TABLE places (id int PRIMARY KEY, c cube, d spot, cs cube[], p placed, s seg, i isbn13)",
                "INSERT INTO places VALUES (1, '(1.5, 2),(3, 4e10)', '(7)', '{\"(1),(2)\",NULL}', ROW('(5)', 'é, \"'),"
                        + " '1.5 .. 2.5', '978-0-393-04002-9')");
        settings = LedgerServer.settings(database);
    }

    private List<SourceRecord> resume() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            List<SourceRecord> changes = new ArrayList<>(task.pollThroughNow(database));
            task.store(task.received.get(task.received.size() - 1));
            return changes;
        }
    }

    private static List<Object> values(Struct row) {
        List<Object> values = new ArrayList<>();
        for (Field field : row.schema().fields()) {
            if (!field.name().equals("id")) {
                values.add(row.get(field));
            }
        }
        return values;
    }

    /** As text of the server, which a cast reads again. */
    private List<Object> inLedger(int id) throws SQLException {
        List<Object> texts = new ArrayList<>();
        for (String column : List.of("c", "d", "cs", "p", "s", "i")) {
            texts.add(LedgerServer.ask(database, "SELECT " + column + "::text FROM places WHERE id = " + id));
        }
        return texts;
    }

    @Test
    void areTheServersTextsInTheSnapshotAndInTheStream() throws Exception {
        List<Object> expected = inLedger(1);
        List<SourceRecord> snapshot = resume();
        assertThat(values(RunningTask.after(snapshot.get(0)))).isEqualTo(expected);
        LedgerServer.execute(
                database,
                "INSERT INTO places SELECT 2, c, d, cs, p, s, i FROM places",
                "INSERT INTO places (id) VALUES (3)",
                "UPDATE places SET c = '(9)' WHERE id = 2",
                "ALTER TABLE places REPLICA IDENTITY FULL",
                "DELETE FROM places WHERE id = 2");
        List<SourceRecord> changes =
                resume().stream().filter(change -> change.value() != null).toList();
        assertThat(values(RunningTask.after(changes.get(0)))).isEqualTo(expected);
        assertThat(values(RunningTask.after(changes.get(1)))).containsOnlyNulls();
        assertThat(RunningTask.after(changes.get(2)).getString("c")).isEqualTo("(9)");
        assertThat(values(RunningTask.before(changes.get(3)))).startsWith("(9)").endsWith(expected.get(5));
    }

    @Test
    void areNoKey() throws Exception {
        LedgerServer.execute(database, "CREATE TABLE spots (place cube PRIMARY KEY)");
        settings.put("table.include.list", "public\\.spots");
        try (RunningTask task = new RunningTask(settings)) {
            Assertions.assertThatThrownBy(() -> task.pollThroughNow(database))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(
                            "Column public.spots.place is of type cube, which this version cannot capture in a key");
        }
    }
}
