package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger of the encoding SQL_ASCII takes any bytes for text; what is not UTF-8 cannot be sent as it is. */
class SqlAsciiTest {
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase() + "_ascii";
        LedgerServer.execute(
                "postgres", "CREATE DATABASE " + database + " ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        LedgerServer.execute(database, "CREATE TABLE notes (id int PRIMARY KEY, note text)");
        settings = LedgerServer.settings(database);
    }

    @Test
    void namesThePositionOfATextThatIsNotUtf8() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO notes VALUES (1, 'é')");
            SourceRecord utf8 = task.pollUntil(change -> !RunningTask.isWatermark(change));
            assertThat(RunningTask.after(utf8).getString("note")).isEqualTo("é");
            long before = LedgerServer.walEnd(database);
            LedgerServer.execute(database, "INSERT INTO notes VALUES (2, E'\\xe9')");
            String message = task.pollUntilFailure().getMessage();
            assertThat(message).contains("SQL_ASCII", "not UTF-8", "fresh snapshot");
            String position = message.replaceFirst("(?s).*The change at ([0-9A-F]+/[0-9A-F]+) .*", "$1");
            assertThat(Lsn.parse(position)).isBetween(before, LedgerServer.walEnd(database));
        }
    }

    @Test
    void namesTheTableWhereTheSnapshotFindsIt() throws Exception {
        LedgerServer.execute(database, "INSERT INTO notes VALUES (2, E'\\xe9')");
        try (RunningTask task = new RunningTask(settings)) {
            assertThat(task.pollUntilFailure())
                    .hasMessageContainingAll("A row of table public.notes", "SQL_ASCII", "not UTF-8");
        }
        LedgerServer.execute(
                database,
                "CREATE FUNCTION pg_temp.is_utf8(t text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
                        + " PERFORM convert_from(convert_to(t, 'SQL_ASCII'), 'UTF8'); RETURN true;"
                        + " EXCEPTION WHEN character_not_in_repertoire THEN RETURN false; END $$;"
                        + " DELETE FROM notes WHERE NOT pg_temp.is_utf8(note)");
        assertThat(LedgerServer.ask(database, "SELECT count(*) FROM notes")).isEqualTo("0");
    }

    @Test
    void saysAtTheBeginningWhatTheEncodingMeans() throws Exception {
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings)) {
                task.pollUntil(RunningTask::isWatermark);
            }
        });
        assertThat(log).contains("encoding of database", "SQL_ASCII", "not UTF-8");
    }
}
