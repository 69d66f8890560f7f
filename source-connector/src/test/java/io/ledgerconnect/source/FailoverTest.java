package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary and its standby, of which the primary is lost. Failover slots are of PostgreSQL 17. */
class FailoverTest {
    private static final String DATABASE = "ledger";

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private TestServer primary;
    private TestServer standby;
    private Map<String, String> settings;

    @BeforeEach
    void startServers() throws Exception {
        LedgerServer.requireVersion(17);
        primary = TestServer.temporary(Map.of("wal_sender_timeout", "5s"));
        primary.execute("postgres", "CREATE DATABASE " + DATABASE);
        primary.execute(DATABASE, "CREATE TABLE accounts (id int PRIMARY KEY)", "INSERT INTO accounts VALUES (0)");
        standby = Standby.of(primary, "standby");
        settings = primary.settings(DATABASE);
        settings.put("database.hostname", "localhost:" + primary.port() + ",localhost:" + standby.port());
        settings.put("slot.failover", "true");
        settings.put("watermark.interval.ms", "100");
    }

    @AfterEach
    void stopServers() {
        if (standby != null) {
            standby.close();
        }
        if (primary != null) {
            primary.close();
        }
    }

    private void pollThroughNow(RunningTask task, TestServer server) throws Exception {
        task.pollThrough(Lsn.parse(server.ask(DATABASE, "SELECT pg_current_wal_insert_lsn()::text")));
        task.store(task.received.get(task.received.size() - 1));
    }

    /** Runs the capture until the standby has a copy of its slot that a promotion keeps. */
    private void pollUntilTheStandbyHasTheSlot(RunningTask task) {
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
            primary.execute(DATABASE, "SELECT pg_log_standby_snapshot()");
            pollThroughNow(task, primary);
            return standby.ask(
                            DATABASE,
                            "SELECT slot_name FROM pg_replication_slots WHERE synced AND NOT temporary AND failover")
                    != null;
        });
    }

    private static List<Integer> ids(RunningTask task) {
        return task.changes().stream()
                .map(change -> RunningTask.key(change).getInt32("id"))
                .toList();
    }

    @Test
    void toAStandbyIsFollowedWithoutALoss() throws Exception {
        primary.execute(
                "postgres", "ALTER SYSTEM SET synchronized_standby_slots = 'standby'", "SELECT pg_reload_conf()");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            pollUntilTheStandbyHasTheSlot(task);
            primary.execute(DATABASE, "INSERT INTO accounts VALUES (1), (2)");
            pollThroughNow(task, primary);
            primary.execute(DATABASE, "INSERT INTO accounts VALUES (3)");
            primary.stop();
            standby.execute("postgres", "SELECT pg_promote()");
            standby.execute(DATABASE, "INSERT INTO accounts VALUES (4)");
            pollThroughNow(task, standby);
            assertThat(ids(task)).containsExactly(0, 1, 2, 3, 4);
            Sequences.expectWhole(task.received);
        }
        standby.execute(DATABASE, "INSERT INTO accounts VALUES (5)");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            pollThroughNow(task, standby);
            assertThat(ids(task)).containsExactly(5);
            SourceRecord change = task.changes().get(0);
            assertThat(change.sourceOffset().get("timeline")).isEqualTo(2L);
        }
    }
}
