package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a database or a role sets for other sessions changes nothing of what a capture reads. */
class SessionSettingsTest {
    private static final String LONG = "repeat('long', 1000)";

    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
    }

    /**
     * The value out of line of a row that gets another key is asked for by its key: the answer tells how it was read.
     */
    @ParameterizedTest(name = "{0}, a key {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "standard_conforming_strings = off | text | 'k\\n1'",
                "standard_conforming_strings = off | text | 'k\\'' OR true OR id = '''",
                "array_nulls = off | text[] | ARRAY['a', NULL]",
            })
    void doNotChangeHowAKeyIsRead(String setting, String type, String key) throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (book int, id " + type + ", body text, PRIMARY KEY (book, id))",
                "ALTER TABLE entries ALTER body SET STORAGE EXTERNAL",
                "INSERT INTO entries VALUES (1, " + key + ", " + LONG + ")");
        LedgerServer.execute(database, "ALTER DATABASE " + database + " SET " + setting);
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "UPDATE entries SET book = 2");
            List<SourceRecord> changes = task.pollThroughNow(database);
            SourceRecord created = changes.get(changes.size() - 1);
            assertThat(RunningTask.operation(created)).isEqualTo("c");
            assertThat(created.headers().lastWithName("ledger.absent")).isNull();
            assertThat(RunningTask.after(created).getString("body")).isEqualTo("long".repeat(1000));
        }
    }

    @Test
    void doNotChangeWhatTypesAreCalled() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE amounts (id int PRIMARY KEY, amount money, note text)",
                "INSERT INTO amounts VALUES (1, 2, 'x')",
                "ALTER DATABASE " + database + " SET quote_all_identifiers = on");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(RunningTask.after(task.changes().get(0)).schema().fields())
                    .extracting(field -> field.schema().parameters().get("ledger.type"))
                    .containsExactly("integer", "money", "text");
        }
    }

    /** The slot, the publication and the snapshot's note are written. */
    @Test
    void readOnlyTransactionsAreNoStandby() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY)",
                "INSERT INTO accounts VALUES (1)",
                "CREATE ROLE reader_" + database + " LOGIN SUPERUSER",
                "ALTER ROLE reader_" + database + " SET default_transaction_read_only = on",
                "ALTER DATABASE " + database + " SET default_transaction_read_only = on");
        settings.put("database.user", "reader_" + database);
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database, "SET default_transaction_read_only = off", "INSERT INTO accounts VALUES (2)");
            assertThat(task.pollThroughNow(database))
                    .extracting(change -> RunningTask.key(change).getInt32("id"))
                    .containsExactly(1, 2);
        }
    }

    /** Else every chunk of a snapshot would read the whole table. */
    @Test
    @Timeout(60)
    void doNotMakeTheSnapshotReadATableAgainAndAgain() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (id int PRIMARY KEY, body text)",
                "INSERT INTO entries SELECT i, repeat('x', 1000) FROM generate_series(1, 7000) i",
                "VACUUM ANALYZE entries",
                "ALTER DATABASE " + database + " SET enable_tidscan = off");
        String read = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'entries'";
        long before = Long.parseLong(LedgerServer.ask(database, read));
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).hasSize(7000);
        }
        long after = before;
        while (after - before < 7000) { // the session's statistics come when it has ended
            after = Long.parseLong(LedgerServer.ask(database, read));
        }
        assertThat(after - before).isLessThan(14_000);
    }
}
