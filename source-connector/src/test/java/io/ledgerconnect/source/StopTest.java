package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stopped task is gone, wherever it was: no threads, no connections. */
class StopTest {
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "INSERT INTO accounts SELECT i, repeat('x', 800) FROM generate_series(1, 30000) i");
        settings = LedgerServer.settings(database);
    }

    private RunningTask task;

    @AfterEach
    void stop() {
        task.close();
    }

    private void expectQuickStop() throws Exception {
        long begun = System.nanoTime();
        task.close();
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(4));
        Awaitility.await()
                .atMost(5, TimeUnit.SECONDS)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("ledger-")));
        assertThat(LedgerServer.connections(settings)).isZero();
    }

    private void awaitServer(String condition) {
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> "t".equals(LedgerServer.ask(database, "SELECT " + condition)));
    }

    @Test
    void whileTheSlotWaitsForALongTransaction() throws Exception {
        try (Connection other = LedgerServer.connect(database);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("INSERT INTO accounts VALUES (-1)");
            task = new RunningTask(settings);
            awaitServer("count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'CREATE_REPLICATION_SLOT%' AND datname = '"
                    + database + "' AND wait_event_type = 'Lock'");
            expectQuickStop();
            assertThat(LedgerServer.ask(
                            database, "SELECT count(*) FROM pg_replication_slots WHERE database = '" + database + "'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void whileNobodyTakesTheSnapshot() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE a_wide (id int PRIMARY KEY, v text)",
                "INSERT INTO a_wide SELECT i, repeat('x', 1000000) FROM generate_series(1, 200) i");
        task = new RunningTask(settings);
        awaitServer("count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'COPY%' AND datname = '" + database
                + "' AND application_name LIKE 'ledger%' AND wait_event = 'ClientWrite'");
        expectQuickStop();
    }

    @Test
    void whileNobodyTakesTheChanges() throws Exception {
        task = new RunningTask(settings);
        task.pollUntil(RunningTask::isWatermark);
        // The second stays behind: the server counts a transaction as sent before it has been taken.
        String update = "UPDATE accounts SET v = repeat('y', 1000)";
        LedgerServer.execute(database, update, update);
        awaitServer("count(*) = 1 FROM pg_stat_replication WHERE application_name LIKE 'ledger%'"
                + " AND pg_current_wal_lsn() - sent_lsn > 1000000");
        expectQuickStop();
    }

    @Test
    void whileTheServerCannotBeReached() throws Exception {
        settings.put("database.port", "1");
        task = new RunningTask(settings);
        expectQuickStop();
    }

    @Test
    void afterItFailed() throws Exception {
        settings.put("table.include.list", "public.nothing");
        task = new RunningTask(settings);
        task.pollUntilFailure();
        assertThat(LedgerServer.connections(settings)).isZero();
        expectQuickStop();
    }

    @Test
    void andDropsItsSlotIfToldSo() throws Exception {
        settings.put("slot.drop.on.stop", "true");
        task = new RunningTask(settings);
        task.pollUntil(RunningTask::isWatermark);
        expectQuickStop();
        assertThat(LedgerServer.ask(
                        database, "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + database + "'"))
                .isEqualTo("0");
    }
}
