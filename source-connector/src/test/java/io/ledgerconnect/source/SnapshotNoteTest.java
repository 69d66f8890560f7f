package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.offset.SourceOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker that is killed after the first snapshot, before Connect has stored an offset. */
class SnapshotNoteTest {
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void fill() throws Exception {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, balance int)",
                "INSERT INTO accounts SELECT i, 0 FROM generate_series(1, 100) i");
    }

    private static boolean isRead(SourceRecord change) {
        return RunningTask.operation(change).equals("r");
    }

    /** What a task sends from the beginning of the stream on, through what the database has by now. */
    private List<SourceRecord> sent(RunningTask task) throws Exception {
        return List.copyOf(task.pollThroughNow(database));
    }

    @Test
    void changesAreRepeatedAfterIt() throws Exception {
        List<SourceRecord> first;
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "UPDATE accounts SET balance = 1", "DELETE FROM accounts WHERE id = 7");
            first = sent(task);
        }
        LedgerServer.execute(database, "INSERT INTO accounts VALUES (101, 5)");
        try (RunningTask task = new RunningTask(settings)) {
            List<SourceRecord> second = sent(task);
            assertThat(second.stream().map(RunningTask::header))
                    .startsWith(first.stream()
                            .filter(change -> !isRead(change))
                            .map(RunningTask::header)
                            .toArray(String[]::new));
            assertThat(second).noneMatch(SnapshotNoteTest::isRead);
            assertThat(RunningTask.operation(second.get(second.size() - 1))).isEqualTo("c");
        }
    }

    @Test
    void snapshotThatKafkaDoesNotHaveIsReadAnew() throws Exception {
        try (RunningTask task = new RunningTask(settings).withoutKafka()) {
            task.pollUntil(RunningTask::isWatermark);
        }
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).hasSize(100);
        }
    }

    @Test
    void deletedOffsetBringsAFreshSnapshot() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "UPDATE accounts SET balance = 1");
            sent(task);
        }
        Map<Map<String, ?>, Map<String, ?>> deleted = new HashMap<>();
        deleted.put(SourceOffset.partition(settings.get("topic.prefix")), null);
        new LedgerSourceConnector().alterOffsets(settings, deleted);
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).hasSize(100).allMatch(SnapshotNoteTest::isRead);
        }
    }

    /** A worker that was killed before it stored one; Connect then names none. */
    @Test
    void deletionWhereNoOffsetWasStoredBringsAFreshSnapshot() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            sent(task);
        }
        new LedgerSourceConnector().alterOffsets(settings, Map.of());
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).hasSize(100);
        }
    }

    @Test
    void slotThatWasMadeBeforehandDoesNotHinderTheSnapshot() throws Exception {
        LedgerServer.execute(
                database, "SELECT pg_create_logical_replication_slot('" + settings.get("slot.name") + "', 'pgoutput')");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).hasSize(100);
        }
    }

    private void emit(String content) throws Exception {
        LedgerServer.execute(
                database,
                "SELECT pg_logical_emit_message(true, 'ledger-connect snapshot t " + database + "', '" + content
                        + "')");
    }

    /** Captures a whole snapshot and a change, of which no offset is stored. */
    private SourceRecord firstOfSnapshot() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "UPDATE accounts SET balance = 1 WHERE id = 1");
            return sent(task).get(0);
        }
    }

    private void expectToGoOnAfterIt() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            assertThat(sent(task)).extracting(RunningTask::operation).containsExactly("u");
        }
    }

    /** Anyone may write a message with any prefix. */
    @Test
    void whatOnlyLooksLikeOneIsPassedOverWithOneWarning() throws Exception {
        firstOfSnapshot();
        emit("version=1&secret");
        emit("x=%zz");
        String log = Logged.during(this::expectToGoOnAfterIt);
        assertThat(log.split("is no such note", -1)).hasSize(2);
        assertThat(log).contains("'ledger-connect snapshot t " + database + "'").doesNotContain("secret");
    }

    /** A worker that was thought dead writes on. */
    @Test
    void oneThatIsBehindDoesNotTakeThePlaceOfAFurtherOne() throws Exception {
        SourceRecord first = firstOfSnapshot();
        emit(SourceOffset.parse(first.sourceOffset()).encode());
        expectToGoOnAfterIt();
    }

    @Test
    void thatCannotBeWrittenIsWarnedOfOnce() throws Exception {
        String role = "unprivileged_" + database;
        LedgerServer.execute(
                database,
                "CREATE ROLE " + role + " LOGIN REPLICATION",
                "GRANT SELECT ON accounts TO " + role,
                "CREATE PUBLICATION ledger_connect FOR TABLE accounts",
                "DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid FROM pg_proc WHERE proname ="
                        + " 'pg_logical_emit_message' LOOP EXECUTE 'REVOKE EXECUTE ON FUNCTION ' || f || ' FROM public';"
                        + " END LOOP; END $$");
        settings.put("database.user", role);
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings)) {
                task.pollUntil(RunningTask::isWatermark);
                sent(task);
            }
        });
        assertThat(log.split("cannot be noted in the ledger's WAL", -1)).hasSize(2);
        assertThat(log).contains("Grant role " + role + " EXECUTE on function pg_logical_emit_message");
    }
}
