package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connectors that are paused (Connect polls no more, and keeps the task) or stopped for long. */
class PausedTest {
    private static final String LOSE_WHAT_IS_IDLE = "ALTER SYSTEM SET idle_replication_slot_timeout = '1s'";

    private static TestServer server;

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();

    @BeforeAll
    static void startServer() {
        server = TestServer.temporary(Map.of("max_wal_size", "32MB", "wal_sender_timeout", "5s"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Map<String, String> ledger(String name) throws Exception {
        server.execute("postgres", "CREATE DATABASE " + name);
        server.execute(name, "CREATE TABLE accounts (id int PRIMARY KEY)", "INSERT INTO accounts VALUES (0)");
        Map<String, String> settings = server.settings(name);
        settings.put("message.prefix.exclude.list", ".*"); // they only fill the WAL
        return settings;
    }

    private static String slot(String name, String column) throws Exception {
        return server.ask(name, "SELECT " + column + " FROM pg_replication_slots WHERE slot_name = '" + name + "'");
    }

    /** The server looks for such slots at checkpoints; only what holds back WAL counts as idle. */
    private static void letTimePass(String name) throws Exception {
        server.execute(
                name,
                "SELECT pg_sleep(2)",
                "SELECT pg_logical_emit_message(true, '', 'x')",
                "SELECT pg_switch_wal()",
                "CHECKPOINT");
    }

    @Test
    void aPausedTaskSaysWhatItHoldsBackWhereNothingLimitsIt() throws Exception {
        Map<String, String> settings = ledger("held");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            String reader = Awaitility.await().until(() -> slot("held", "active_pid"), Objects::nonNull);
            assertThat(Logged.during(() -> {
                        server.execute(
                                "held",
                                "SELECT pg_logical_emit_message(true, '', repeat('x', 1048576)) FROM generate_series(1, 160)",
                                "INSERT INTO accounts VALUES (1)",
                                "SELECT pg_sleep(12)");
                    }))
                    .containsOnlyOnce("Replication slot held holds back 1")
                    .contains("no max_slot_wal_keep_size limits it", "the ledger's disk fills", "paused")
                    .contains("ALTER SYSTEM SET max_slot_wal_keep_size = ");
            assertThat(slot("held", "active_pid")).as("the same connection").isEqualTo(reader);
            task.pollThrough(Lsn.parse(server.ask("held", "SELECT pg_current_wal_insert_lsn()::text")));
            assertThat(task.changes()).hasSize(2);
        }
    }

    @Test
    void aPausedTaskIsNotIdleForTheServer() throws Exception {
        LedgerServer.requireVersion(18);
        Map<String, String> settings = ledger("paused");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            server.execute("postgres", LOSE_WHAT_IS_IDLE, "SELECT pg_reload_conf()");
            for (int i = 0; i < 3; i++) {
                letTimePass("paused");
            }
            assertThat(slot("paused", "wal_status")).isNotEqualTo("lost");
            server.execute("paused", "INSERT INTO accounts VALUES (1)");
            task.pollThrough(Lsn.parse(server.ask("paused", "SELECT pg_current_wal_insert_lsn()::text")));
            assertThat(task.changes()).hasSize(2);
        } finally {
            server.execute("postgres", "ALTER SYSTEM RESET idle_replication_slot_timeout", "SELECT pg_reload_conf()");
        }
    }

    @Test
    void aSlotThatWasStoppedForTooLongSaysWhatTookIt() throws Exception {
        LedgerServer.requireVersion(18);
        Map<String, String> settings = ledger("stopped");
        server.execute("postgres", LOSE_WHAT_IS_IDLE, "SELECT pg_reload_conf()");
        try {
            assertThat(Logged.during(() -> {
                        try (RunningTask task = new RunningTask(settings, offsets)) {
                            task.store(task.pollUntil(RunningTask::isWatermark));
                        }
                    }))
                    .as("before it is too late")
                    .containsOnlyOnce("idle_replication_slot_timeout=1s")
                    .contains("stopped for longer", "ALTER SYSTEM SET idle_replication_slot_timeout = 0;");
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
                letTimePass("stopped");
                return slot("stopped", "wal_status").equals("lost");
            });
            try (RunningTask task = new RunningTask(settings, offsets)) {
                assertThat(task.pollUntilFailure())
                        .hasMessageContaining("slot stopped is invalid")
                        .hasMessageContaining("idle_replication_slot_timeout")
                        .hasMessageContaining("changes are missing from here on")
                        .hasMessageNotContaining("max_slot_wal_keep_size");
            }
        } finally {
            server.execute("postgres", "ALTER SYSTEM RESET idle_replication_slot_timeout", "SELECT pg_reload_conf()");
        }
    }
}
