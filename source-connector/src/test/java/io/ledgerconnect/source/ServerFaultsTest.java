package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What only a server of one's own allows: settings that need a restart, restarts, a promotion, lost WAL. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServerFaultsTest {
    private static TestServer server;

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();

    @BeforeAll
    static void startServer() {
        server = TestServer.temporary(Map.of("wal_level", "replica"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private Map<String, String> ledger(String name) throws Exception {
        server.execute("postgres", "CREATE DATABASE " + name);
        server.execute(name, "CREATE TABLE accounts (id int PRIMARY KEY)", "INSERT INTO accounts VALUES (0)");
        return server.settings(name);
    }

    private static List<SourceRecord> pollThroughNow(RunningTask task, String database) throws Exception {
        return task.pollThrough(Lsn.parse(server.ask(database, "SELECT pg_current_wal_insert_lsn()::text")));
    }

    @Test
    @Order(1)
    void aServerWithoutLogicalWalIsNamedAtValidation() throws Exception {
        ValidationErrors.of(ledger("replica"))
                .expectOne("database.hostname", "postgres-password", "wal_level=replica", "ALTER SYSTEM SET wal_level");
        server.execute("postgres", "ALTER SYSTEM SET wal_level = 'logical'");
        server.parameters().remove("wal_level");
        server.stop();
        server.start();
    }

    @Test
    @Order(2)
    void aRestartOfTheServerIsWaitedOut() throws Exception {
        Map<String, String> settings = ledger("restarted");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            server.execute("restarted", "INSERT INTO accounts VALUES (1)");
            server.stop();
            server.start();
            server.execute("restarted", "INSERT INTO accounts VALUES (2)");
            assertThat(pollThroughNow(task, "restarted").stream()
                            .map(change -> RunningTask.key(change).getInt32("id")))
                    .containsExactly(0, 1, 2);
        }
    }

    @Test
    @Order(3)
    void aPromotionThatLostNothingIsFollowed() throws Exception {
        Map<String, String> settings = ledger("promoted");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            server.execute("promoted", "INSERT INTO accounts VALUES (1)");
            pollThroughNow(task, "promoted");
            task.store(task.received.get(task.received.size() - 1));
            server.stop();
            Files.createFile(server.data().resolve("standby.signal"));
            server.start();
            ValidationErrors.of(settings).expectOne("database.hostname", "postgres-password", "standby", "the primary");
            server.execute("postgres", "SELECT pg_promote()");
            server.execute("promoted", "INSERT INTO accounts VALUES (2)");
            pollThroughNow(task, "promoted");
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            List<SourceRecord> changes = pollThroughNow(task, "promoted");
            assertThat(changes.stream().map(change -> RunningTask.key(change).getInt32("id")))
                    .containsExactly(2);
            assertThat(changes.get(0).sourceOffset().get("timeline")).isEqualTo(2L);
        }
    }

    @Test
    @Order(4)
    void aSlotWhoseWalIsGoneStopsTheTask() throws Exception {
        Map<String, String> settings = ledger("lost");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        server.execute(
                "lost",
                "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'",
                "SELECT pg_reload_conf()",
                "CREATE TABLE bulk AS SELECT repeat(md5(i::text), 20) FROM generate_series(1, 60000) i",
                "SELECT pg_switch_wal()",
                "CHECKPOINT");
        assertThat(server.ask("lost", "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'lost'"))
                .isEqualTo("lost");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollUntilFailure())
                    .hasMessageContaining("slot lost is invalid")
                    .hasMessageContaining("removed WAL");
        }
        server.execute("lost", "DROP TABLE bulk");
        ValidationErrors.of(settings).expectOne("slot.name", "postgres-password", "slot lost is invalid");
    }
}
