package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a snapshot is read. {@code initial} and {@code no_data} are in most other tests. */
class SnapshotModeTest {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database, "CREATE TABLE accounts (id int PRIMARY KEY)", "INSERT INTO accounts VALUES (1), (2)");
        settings = LedgerServer.settings(database);
    }

    private void insert(int id) throws SQLException {
        LedgerServer.execute(database, "INSERT INTO accounts VALUES (" + id + ")");
    }

    private boolean hasSlot() throws SQLException {
        return LedgerServer.ask(
                        database, "SELECT slot_name FROM pg_replication_slots WHERE database = '" + database + "'")
                != null;
    }

    private static List<String> described(List<SourceRecord> changes) {
        return changes.stream()
                .map(change ->
                        RunningTask.operation(change) + RunningTask.key(change).getInt32("id"))
                .toList();
    }

    @Test
    void initialOnlyEndsWithTheSnapshotAndKeepsNoWal() throws Exception {
        settings.put("snapshot.mode", "initial_only");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            insert(3);
            task.pollFor(1500);
            assertThat(described(task.changes())).containsExactly("r1", "r2");
            assertThat(hasSlot()).isFalse();
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollFor(1500);
            assertThat(task.received).isEmpty();
        }
    }

    @Test
    void alwaysReadsOneAtEachStart() throws Exception {
        settings.put("snapshot.mode", "always");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            insert(3);
            task.pollThroughNow(database);
            assertThat(described(task.changes())).containsExactly("r1", "r2", "c3");
            task.store(task.received.get(task.received.size() - 1));
        }
        insert(4);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "SELECT pg_terminate_backend(" + LedgerServer.walsender(database) + ")");
            insert(5);
            task.pollThroughNow(database);
            assertThat(described(task.changes())).containsExactly("r1", "r2", "r3", "r4", "c5");
            Sequences.expectWhole(task.received);
        }
    }

    @Test
    void whenNeededReadsOneWhereTheSlotIsGone() throws Exception {
        settings.put("snapshot.mode", "when_needed");
        captureAndStop();
        LedgerServer.execute(database, "SELECT pg_drop_replication_slot('" + database + "')");
        insert(4);
        expectAnew();
    }

    @Test
    void whenNeededReadsOneWhereTheSlotStandsAfterTheOffset() throws Exception {
        settings.put("snapshot.mode", "when_needed");
        captureAndStop();
        insert(4);
        LedgerServer.execute(database, "SELECT pg_replication_slot_advance('" + database + "', pg_current_wal_lsn())");
        expectAnew();
    }

    @Test
    void whenNeededGoesOnWhereItCan() throws Exception {
        settings.put("snapshot.mode", "when_needed");
        captureAndStop();
        insert(4);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(described(task.pollThroughNow(database))).containsExactly("c4");
        }
    }

    @Test
    void whenNeededReadsOneAfterSettingsThatCountHaveChanged() throws Exception {
        settings.put("snapshot.mode", "when_needed");
        captureAndStop();
        settings.put("tombstones.on.delete", "false");
        LedgerServer.execute(database, "SELECT pg_drop_replication_slot('" + database + "')");
        insert(4);
        expectAnew();
    }

    private void captureAndStop() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            insert(3);
            task.pollThroughNow(database);
            task.store(task.changes().get(2));
        }
    }

    private void expectAnew() throws Exception {
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings, offsets)) {
                task.pollUntil(RunningTask::isWatermark);
                insert(5);
                task.pollThroughNow(database);
                assertThat(described(task.changes())).containsExactly("r1", "r2", "r3", "r4", "c5");
                Sequences.expectWhole(task.received);
            }
        });
        assertThat(log)
                .contains("A fresh snapshot is read, as snapshot.mode=when_needed says: Replication slot")
                .doesNotContain("could not be dropped");
    }
}
