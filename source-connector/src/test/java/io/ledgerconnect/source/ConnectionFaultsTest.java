package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break, and a worker that does not poll. */
class ConnectionFaultsTest {
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "INSERT INTO accounts SELECT i, '' FROM generate_series(1, 300) i");
        settings = LedgerServer.settings(database);
        settings.put("watermark.interval.ms", "100");
        settings.put("topic.creation.default.partitions", "3");
    }

    @Test
    void aConnectionThatBreaksAgainAndAgainLosesAndDoublesNothing() throws Exception {
        String[] tables = {"public.accounts"};
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            try (Writers writers = new Writers(database, 2, 11, tables)) {
                for (int i = 0; i < 8; i++) {
                    long commits = writers.commits();
                    int received = task.received.size();
                    task.pollUntil(any -> writers.commits() > commits + 50 && task.received.size() > received + 20);
                    breakConnections(i % 3 == 2 ? "pid > 0" : "backend_type = 'walsender'");
                }
            }
            new LedgerReplica().apply(task.pollThroughNow(database)).expectEqual(database, tables);
            Sequences.expectWhole(task.received);
        }
        assertThat(LedgerServer.connections(settings)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatGoesSilentIsGivenUp(boolean inTransaction) throws Exception {
        try (Relay relay = new Relay(Integer.parseInt(settings.get("database.port")))) {
            settings.put("database.port", Integer.toString(relay.port()));
            try (RunningTask task = new RunningTask(settings)) {
                task.pollUntil(RunningTask::isWatermark);
                LedgerServer.execute(database, "INSERT INTO accounts SELECT i, '' FROM generate_series(1001, 41000) i");
                if (inTransaction) {
                    task.pollUntil(any -> task.received.size() > 9000);
                } else {
                    task.pollThroughNow(database);
                }
                relay.silence();
                LedgerServer.execute(database, "INSERT INTO accounts VALUES (1000, 'x')");
                // The server would notice within wal_sender_timeout that its reader is gone.
                breakConnections("backend_type = 'walsender'");
                assertThat(task.pollThroughNow(database)).hasSize(40301);
                Sequences.expectWhole(task.received);
            }
        }
    }

    private void breakConnections(String which) throws Exception {
        LedgerServer.execute(
                database,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ledger-connect test' AND "
                        + which);
    }

    @Test
    void aConnectionThatBreaksInALargeTransactionDoublesNothing() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO accounts SELECT i, '' FROM generate_series(1000, 40000) i");
            for (int i = 1; i < 4; i++) {
                int wanted = i * 9000;
                task.pollUntil(any -> task.received.size() > wanted);
                LedgerServer.walsender(database);
                breakConnections("backend_type = 'walsender'");
            }
            assertThat(task.pollThroughNow(database)).hasSize(300 + 39001);
            Sequences.expectWhole(task.received);
        }
    }

    @Test
    void aWorkerThatDoesNotPollKeepsItsConnectionAndHoldsLittle() throws Exception {
        LedgerServer.execute(database, "ALTER DATABASE " + database + " SET wal_sender_timeout = '6s'");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            String pid = LedgerServer.walsender(database);
            LedgerServer.execute(
                    database,
                    "DO $$ BEGIN FOR i IN 1..60 LOOP INSERT INTO accounts SELECT i * 1000 + j, repeat('x', 800)"
                            + " FROM generate_series(1, 1000) j; COMMIT; END LOOP; END $$");
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> olderThanTimeout(pid));
            assertThat(LedgerServer.walsender(database)).isEqualTo(pid);
            assertThat(LedgerServer.ask(
                            database,
                            "SELECT pg_current_wal_lsn() - sent_lsn > 10000000 FROM pg_stat_replication WHERE pid = "
                                    + pid))
                    .isEqualTo("t");
            assertThat(task.pollThroughNow(database)).hasSize(60300);
            assertThat(LedgerServer.walsender(database)).isEqualTo(pid);
            Sequences.expectWhole(task.received);
        }
    }

    private boolean olderThanTimeout(String pid) throws Exception {
        return "t"
                .equals(LedgerServer.ask(
                        database,
                        "SELECT clock_timestamp() - backend_start > '10 s' FROM pg_stat_activity WHERE pid = " + pid));
    }

    @Test
    void aSlotInUseIsWaitedForWithoutGatheringConnections() throws Exception {
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
        try (RunningTask zombie = new RunningTask(settings, offsets)) {
            zombie.store(zombie.pollUntil(RunningTask::isWatermark));
            try (RunningTask task = new RunningTask(settings, offsets)) {
                String connections =
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ledger-connect test'";
                // Two of the zombie's, and two at most of the one that waits.
                Awaitility.await()
                        .during(3, TimeUnit.SECONDS)
                        .atMost(6, TimeUnit.SECONDS)
                        .until(() -> Integer.parseInt(LedgerServer.ask(database, connections)) <= 4);
                zombie.close();
                LedgerServer.execute(database, "INSERT INTO accounts VALUES (1000, 'x')");
                List<SourceRecord> changes = task.pollThroughNow(database);
                assertThat(changes).hasSize(1);
            }
        }
    }

    /** A frozen worker's task stores an offset and moves the slot when another has begun in its place. */
    @Test
    void anOffsetThatAZombieStoredIsTaken() throws Exception {
        Map<Map<String, ?>, Map<String, Object>> offsets = new ConcurrentHashMap<>();
        String confirmed = "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + database + "'";
        try (RunningTask zombie = new RunningTask(settings, offsets)) {
            zombie.store(zombie.pollUntil(RunningTask::isWatermark));
            try (RunningTask task = new RunningTask(settings, offsets)) {
                LedgerServer.execute(database, "INSERT INTO accounts VALUES (1000, 'x')");
                zombie.pollThroughNow(database);
                SourceRecord last = zombie.received.get(zombie.received.size() - 1);
                zombie.store(last);
                Object stored = last.sourceOffset().get("lsn");
                Awaitility.await()
                        .until(() -> "t"
                                .equals(LedgerServer.ask(
                                        database, "SELECT (" + confirmed + ") >= '" + stored + "'::pg_lsn")));
                zombie.close();
                LedgerServer.execute(database, "INSERT INTO accounts VALUES (1001, 'x')");
                List<SourceRecord> changes = task.pollThroughNow(database);
                assertThat(changes.stream()
                                .map(change -> RunningTask.key(change).getInt32("id")))
                        .containsExactly(1001);
            }
        }
    }
}
