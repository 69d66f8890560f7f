package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Rows that got another key, with a value out of line that the server sends under neither: it is read from the ledger
 * as it is now, or said to be absent where the ledger has moved on.
 */
class MovedRowsTest {
    private static final String ABSENT = "__debezium_unavailable_value";

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;
    private List<SourceRecord> received;
    private String log;

    @BeforeEach
    void createTable() throws SQLException {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
        LedgerServer.execute(
                database,
                "CREATE TYPE state AS ENUM ('open')",
                "CREATE TABLE notes (id int, s state DEFAULT 'open', seen int, body text, PRIMARY KEY (id, s))",
                "ALTER TABLE notes ALTER body SET STORAGE EXTERNAL",
                "INSERT INTO notes (id, body) VALUES (1, repeat('long', 1000))");
    }

    /** The record of the row under its new key, when everything happens while the capture is stopped. */
    private SourceRecord created(String... changes) throws Exception {
        captureUntilNow();
        return createdAfter(changes);
    }

    private void captureUntilNow() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollThroughNowAndOn(database));
        }
    }

    private SourceRecord createdAfter(String... changes) throws Exception {
        LedgerServer.execute(database, changes);
        log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings, offsets)) {
                received = task.pollThroughNow(database);
            }
        });
        return received.stream()
                .filter(change -> RunningTask.operation(change).equals("c"))
                .findFirst()
                .orElseThrow();
    }

    private static void expectKnown(SourceRecord created) {
        assertThat(RunningTask.after(created).getString("body")).isEqualTo("long".repeat(1000));
        assertThat(created.headers().lastWithName("ledger.absent")).isNull();
    }

    private void expectAbsent(SourceRecord created) {
        assertThat(RunningTask.key(created).getInt32("id")).isEqualTo(2);
        assertThat(RunningTask.after(created).getString("body")).isEqualTo(ABSENT);
        Header absent = created.headers().lastWithName("ledger.absent");
        assertThat(absent.value()).isEqualTo("columns/body");
        assertThat(log.lines().filter(line -> line.contains("public.notes") && line.contains("body")))
                .hasSize(1)
                .first()
                .asString()
                .contains("committed at "
                        + Lsn.format(RunningTask.position(created).position().commitLsn()))
                .doesNotContain("open");
    }

    @Test
    void areAskedForWhatIsNeededAlone() throws Exception {
        expectKnown(created("UPDATE notes SET id = 2", "ALTER TABLE notes DROP COLUMN seen"));
    }

    @Test
    void areAskedForByTheFormerKeyWhereThatIsOutOfLineToo() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE long_keys (id int, name text, body text, PRIMARY KEY (id, name))",
                "ALTER TABLE long_keys ALTER name SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL,"
                        + " SET (toast_tuple_target = 128)",
                "INSERT INTO long_keys VALUES (1, repeat('n', 2200), repeat('long', 1000))");
        expectKnown(created("UPDATE long_keys SET id = 2"));
    }

    @Test
    void lackAColumnThatWasDropped() throws Exception {
        expectAbsent(created(
                "UPDATE notes SET id = 2",
                "INSERT INTO notes (id, body) VALUES (8, repeat('long', 1000))",
                "UPDATE notes SET id = 9 WHERE id = 8",
                "ALTER TABLE notes DROP COLUMN body"));
    }

    @Test
    void lackAColumnThatWasRenamedUntilItIsChanged() throws Exception {
        expectAbsent(created(
                "UPDATE notes SET id = 2",
                "ALTER TABLE notes RENAME COLUMN body TO words",
                "UPDATE notes SET words = words || ''"));
        assertThat(RunningTask.after(received.get(received.size() - 1)).getString("words"))
                .isEqualTo("long".repeat(1000));
    }

    @Test
    void lackItWhenTheTableWasDropped() throws Exception {
        expectAbsent(created("UPDATE notes SET id = 2", "DROP TABLE notes"));
    }

    @Test
    void lackItWhenALabelInTheKeyWasRenamed() throws Exception {
        expectAbsent(created("UPDATE notes SET id = 2", "ALTER TYPE state RENAME VALUE 'open' TO 'begun'"));
    }

    private void captureAs(String role) throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE ROLE " + role + " LOGIN REPLICATION",
                "GRANT SELECT ON notes TO " + role,
                "CREATE PUBLICATION ledger_connect FOR ALL TABLES");
        settings.put("database.user", role);
    }

    /** They are there, so nothing is lost by waiting for somebody who mends it. */
    private void expectStopUntil(String mend, String... changes) throws Exception {
        captureUntilNow();
        LedgerServer.execute(database, changes);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollUntilFailure().getMessage())
                    .contains("Role " + settings.get("database.user") + " may not read table public.notes", "body")
                    .contains("Nothing is lost", "GRANT SELECT", "BYPASSRLS")
                    .contains("This change is in the transaction committed at ");
        }
        expectKnown(createdAfter(mend));
    }

    @Test
    void stopTheTaskWhereTheyMayNotBeRead() throws Exception {
        String role = "mover_" + database;
        captureAs(role);
        expectStopUntil(
                "GRANT SELECT ON notes TO " + role, "UPDATE notes SET id = 2", "REVOKE SELECT ON notes FROM " + role);
    }

    /** Without an error they would look as if they were gone. */
    @Test
    void stopTheTaskWhereAPolicyHidesThem() throws Exception {
        String role = "tenant_" + database;
        captureAs(role);
        expectStopUntil(
                "ALTER ROLE " + role + " BYPASSRLS",
                "UPDATE notes SET id = 2",
                "ALTER TABLE notes ENABLE ROW LEVEL SECURITY");
    }
}
