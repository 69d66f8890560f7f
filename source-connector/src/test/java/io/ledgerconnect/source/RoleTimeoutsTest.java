package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time limits that a role has for other purposes do not end a capture, which takes as long as it takes. */
class RoleTimeoutsTest {
    private static final int ROWS = 40_000;

    private Map<String, String> ledger(String... limits) throws Exception {
        String database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, note text)",
                "INSERT INTO accounts SELECT i, repeat('x', 1000) FROM generate_series(1, " + ROWS + ") i",
                "CREATE ROLE hasty_" + database + " LOGIN SUPERUSER");
        for (String limit : limits) {
            LedgerServer.execute(database, "ALTER ROLE hasty_" + database + " SET " + limit + " = '700ms'");
        }
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("database.user", "hasty_" + database);
        return settings;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "idle_session_timeout",
                "transaction_timeout"
            })
    void doNotBeginASnapshotAgain(String limit) throws Exception {
        LedgerServer.requireVersion(limit.equals("transaction_timeout") ? 17 : 14);
        Map<String, String> settings = ledger(limit);
        String database = settings.get("database.dbname");
        try (Connection locker = LedgerServer.connect(database);
                Statement statement = locker.createStatement()) {
            locker.setAutoCommit(false);
            statement.execute("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE");
            try (RunningTask task = new RunningTask(settings)) {
                String waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
                        + " (SELECT oid FROM pg_database WHERE datname = '" + database + "')";
                Awaitility.await()
                        .atMost(20, TimeUnit.SECONDS)
                        .until(() -> !LedgerServer.ask(database, waits).equals("0"));
                statement.execute("SELECT pg_sleep(1.5)");
                locker.commit();
                task.pollUntil(any -> true);
                // The rows that nobody takes hold up the reading connections.
                LedgerServer.execute(database, "SELECT pg_sleep(1.5)");
                task.pollUntil(RunningTask::isWatermark);
                List<SourceRecord> rows = task.changes();
                assertThat(rows.stream()
                                .map(row -> RunningTask.position(row).channel().stream())
                                .distinct())
                        .hasSize(1);
                assertThat(rows).hasSize(ROWS);
            }
        }
    }

    @Test
    void doNotInterruptTheStream() throws Exception {
        LedgerServer.requireVersion(17);
        Map<String, String> settings = ledger("idle_session_timeout", "transaction_timeout", "statement_timeout");
        String database = settings.get("database.dbname");
        settings.put("snapshot.mode", "no_data");
        settings.put("watermark.interval.ms", "60000");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            String walsender = LedgerServer.walsender(database);
            LedgerServer.execute(database, "SELECT pg_sleep(1.5)", "DELETE FROM accounts WHERE id = 1");
            task.pollUntil(change -> !RunningTask.isWatermark(change));
            assertThat(LedgerServer.walsender(database)).isEqualTo(walsender);
        }
    }
}
