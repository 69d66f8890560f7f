package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.replication.StandbySlots;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    /** The standby lacks the last commits then, and the capture has none of them either. */
    @Test
    void ofAPrimaryThatIsKilledUnderLoadIsFollowed() throws Exception {
        primary.execute(
                "postgres", "ALTER SYSTEM SET synchronized_standby_slots = 'standby'", "SELECT pg_reload_conf()");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            pollUntilTheStandbyHasTheSlot(task);
            Thread writer = new Thread(this::writeUntilItBreaks);
            writer.start();
            task.pollUntil(any -> task.received.size() > 500);
            primary.kill();
            writer.join();
            standby.execute("postgres", "SELECT pg_promote()");
            standby.execute(DATABASE, "INSERT INTO accounts VALUES (-1)");
            pollThroughNow(task, standby);
            assertThat(ids(task).stream().sorted().map(String::valueOf).collect(Collectors.joining(",")))
                    .isEqualTo(standby.ask(DATABASE, "SELECT string_agg(id::text, ',' ORDER BY id) FROM accounts"));
            Sequences.expectWhole(task.received);
        }
    }

    private void writeUntilItBreaks() {
        try (Connection connection = primary.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            for (int id = 1; ; id++) {
                statement.execute("INSERT INTO accounts VALUES (" + id + ")");
            }
        } catch (SQLException e) {
            // As it should.
        }
    }

    /** Nobody stopped it for good: it takes writes that no other server has. */
    @Test
    void isNotUndoneByAFormerPrimaryThatComesBack() throws Exception {
        primary.execute(
                "postgres", "ALTER SYSTEM SET synchronized_standby_slots = 'standby'", "SELECT pg_reload_conf()");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            pollUntilTheStandbyHasTheSlot(task);
            primary.stop();
            standby.execute("postgres", "SELECT pg_promote()");
            standby.execute(DATABASE, "INSERT INTO accounts VALUES (1)");
            pollThroughNow(task, standby);
        }
        primary.start();
        primary.execute(DATABASE, "INSERT INTO accounts VALUES (2)");
        Map<String, String> elsewhere = new HashMap<>(settings);
        elsewhere.put("database.hostname", "localhost:" + primary.port());
        try (RunningTask task = new RunningTask(elsewhere, offsets)) {
            assertThat(task.pollUntilFailure())
                    .hasMessageContainingAll("timeline 1", "timeline 2")
                    .hasMessageContaining("former primary")
                    .hasMessageContaining("database.hostname");
            assertThat(task.changes()).isEmpty();
        }
        primary.stop();
        standby.execute(DATABASE, "INSERT INTO accounts VALUES (3)");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            pollThroughNow(task, standby);
            assertThat(ids(task)).containsExactly(3);
        }
        primary.start();
    }

    @Test
    void thatLostCapturedTransactionsStops() throws Exception {
        String captured;
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            pollUntilTheStandbyHasTheSlot(task);
            cutOffTheStandby();
            primary.execute(DATABASE, "INSERT INTO accounts VALUES (1)");
            pollThroughNow(task, primary);
            assertThat(ids(task)).containsExactly(0, 1);
            captured = (String)
                    task.received.get(task.received.size() - 1).sourceOffset().get("lsn");
            primary.stop();
            standby.execute("postgres", "SELECT pg_promote()");
            standby.execute(DATABASE, "INSERT INTO accounts VALUES (2)");
            assertThat(task.pollUntilFailure())
                    .hasMessageContaining("The ledger's history on timeline 1 ends at ")
                    .hasMessageContaining("changes through " + captured + " were captured")
                    .hasMessageContaining("failover lost its last transactions");
            assertThat(ids(task)).containsExactly(0, 1);
        }
    }

    /** It streams no more, and does not try. */
    private void cutOffTheStandby() throws Exception {
        standby.execute("postgres", "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> "f"
                        .equals(primary.ask(
                                "postgres", "SELECT active FROM pg_replication_slots WHERE slot_name = 'standby'")));
    }

    @Test
    void beforeTheStandbyIsWaitedForIsWarnedOf() throws Exception {
        assertThat(Logged.during(() -> {
                    try (RunningTask task = new RunningTask(settings)) {
                        task.pollUntil(RunningTask::isWatermark);
                    }
                }))
                .containsOnlyOnce("synchronized_standby_slots is empty")
                .contains(
                        "slot " + DATABASE,
                        "begin anew",
                        "ALTER SYSTEM SET synchronized_standby_slots = 'standby'; SELECT pg_reload_conf();");
    }

    @Test
    void withASlotThatStandbysDoNotKeepIsWarnedOf() throws Exception {
        String alter = "ALTER_REPLICATION_SLOT \"" + DATABASE + "\" (FAILOVER true)";
        primary.execute(DATABASE, "SELECT pg_create_logical_replication_slot('" + DATABASE + "', 'pgoutput')");
        assertThat(Logged.during(() -> {
                    try (RunningTask task = new RunningTask(settings)) {
                        task.pollUntil(RunningTask::isWatermark);
                    }
                }))
                .containsOnlyOnce("slot.failover=true, but replication slot " + DATABASE + " is no failover slot")
                .contains(alter)
                .doesNotContain("synchronized_standby_slots is empty");
        try (Connection replication =
                        new LedgerDatabase(new SourceConfig(settings).connection(), "test").connectForReplication();
                Statement statement = replication.createStatement()) {
            statement.execute(alter);
        }
        assertThat(primary.ask(
                        DATABASE, "SELECT failover FROM pg_replication_slots WHERE slot_name = '" + DATABASE + "'"))
                .isEqualTo("t");
    }

    @Test
    void isPreparedForWithoutAWarning() throws Exception {
        primary.execute(
                "postgres", "ALTER SYSTEM SET synchronized_standby_slots = 'standby'", "SELECT pg_reload_conf()");
        assertThat(Logged.during(() -> {
                    try (RunningTask task = new RunningTask(settings)) {
                        task.pollUntil(RunningTask::isWatermark);
                        task.pollFor(6000);
                    }
                }))
                .doesNotContain("WARN io.ledgerconnect.source.capture", "WARN io.ledgerconnect.source.check");
    }

    /** The server sends nothing then, and tells its own log only. */
    @Test
    void nobodyKnowsWhyNothingComesUnlessTheStandbyThatIsWaitedForIsNamed() throws Exception {
        primary.execute(
                "postgres", "ALTER SYSTEM SET synchronized_standby_slots = 'standby'", "SELECT pg_reload_conf()");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(Logged.during(() -> {
                        cutOffTheStandby();
                        primary.execute(DATABASE, "INSERT INTO accounts VALUES (1)");
                        task.pollFor(16_000);
                    }))
                    .containsOnlyOnce(
                            "sends no changes until all standbys named in synchronized_standby_slots have them")
                    .contains(
                            "slot " + DATABASE,
                            "standby (not connected)",
                            "ALTER SYSTEM SET synchronized_standby_slots");
            assertThat(ids(task)).containsExactly(0);
            primary.execute("postgres", "ALTER SYSTEM RESET synchronized_standby_slots", "SELECT pg_reload_conf()");
            pollThroughNow(task, primary);
            assertThat(ids(task)).containsExactly(0, 1);
        }
    }

    @Test
    void whatTheSlotWaitsForIsTold() throws Exception {
        primary.execute(
                DATABASE,
                "SELECT pg_create_logical_replication_slot('mine', 'pgoutput', failover => true)",
                "ALTER SYSTEM SET synchronized_standby_slots = 'standby, \"mine\", gone'",
                "SELECT pg_reload_conf()");
        try (Connection connection = primary.connect(DATABASE)) {
            Awaitility.await()
                    .until(
                            () -> StandbySlots.find(connection, "mine")
                                    .orElseThrow()
                                    .lacking(),
                            lacking -> lacking.equals("gone (no such slot), mine (no physical slot)"));
            assertThat(StandbySlots.find(connection, "mine").orElseThrow().failover())
                    .isTrue();
            assertThat(StandbySlots.find(connection, "mine").orElseThrow().physical())
                    .isEqualTo("standby");
            assertThat(StandbySlots.find(connection, "gone")).isEmpty();
        }
    }
}
