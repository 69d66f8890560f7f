package io.ledgerconnect.source;

import static io.ledgerconnect.source.RunningTask.after;
import static io.ledgerconnect.source.RunningTask.header;
import static io.ledgerconnect.source.RunningTask.position;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Lsn;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerSourceTaskTest {
    private String database;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id bigint PRIMARY KEY, owner text NOT NULL, balance numeric(20,2) NOT NULL)");
    }

    private long walEnd() throws SQLException {
        return LedgerServer.walEnd(database);
    }

    private static List<String> operations(List<SourceRecord> changes) {
        return changes.stream().map(RunningTask::operation).toList();
    }

    @Test
    void sendsTheRowsThatWereThereAndThenEveryChange() throws Exception {
        LedgerServer.execute(database, "INSERT INTO accounts VALUES (1, 'ada', 10.50), (2, 'bob', 0)");
        try (RunningTask task = new RunningTask(LedgerServer.settings(database))) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "UPDATE accounts SET balance = 11 WHERE id = 1",
                    "DELETE FROM accounts WHERE id = 2",
                    "INSERT INTO accounts VALUES (3, 'eve', -1.25)");
            List<SourceRecord> changes = task.pollThrough(walEnd());
            assertThat(operations(changes)).containsExactly("r", "r", "u", "d", "tombstone", "c");
            assertThat(changes.stream().map(change -> position(change).sequence()))
                    .containsExactly(1L, 2L, 3L, 4L, 4L, 5L);
            assertThat(after(changes.get(0)).get("balance")).isEqualTo(new BigDecimal("10.50"));
            assertThat(after(changes.get(5)).get("balance")).isEqualTo(new BigDecimal("-1.25"));
            assertThat(changes.get(0).topic()).isEqualTo("t.public.accounts");
            assertThat(((Struct) changes.get(3).key()).getInt64("id")).isEqualTo(2L);
            assertThat(header(changes.get(4))).isEqualTo(header(changes.get(3)));
            assertThat(position(changes.get(2)).position())
                    .isGreaterThan(position(changes.get(1)).position());
        }
    }

    @Test
    void repeatsPositionsAndSequencesAfterARestart() throws Exception {
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        List<String> first;
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            LedgerServer.execute(
                    database,
                    "INSERT INTO accounts SELECT i, 'a', 0 FROM generate_series(1, 100) i",
                    "UPDATE accounts SET balance = id",
                    "UPDATE accounts SET id = id + 1000 WHERE id < 10");
            first = task.pollThrough(walEnd()).stream().map(RunningTask::header).toList();
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            List<String> second =
                    task.pollThrough(walEnd()).stream().map(RunningTask::header).toList();
            assertThat(second).isEqualTo(first).hasSize(227);
        }
    }

    @Test
    void goesOnInTheMiddleOfATransaction() throws Exception {
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
        Map<String, String> settings = LedgerServer.settings(database);
        List<String> all;
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "INSERT INTO accounts SELECT i, 'a', 0 FROM generate_series(1, 50) i",
                    "DELETE FROM accounts");
            List<SourceRecord> changes = task.pollThrough(walEnd());
            all = changes.stream().map(RunningTask::header).toList();
            task.store(changes.get(60)); // a delete, not its tombstone
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            List<SourceRecord> rest = task.pollThrough(walEnd());
            assertThat(rest.stream().map(RunningTask::header)).containsExactlyElementsOf(all.subList(61, all.size()));
            assertThat(rest.get(0).value()).isNull();
        }
    }

    @Test
    void noOffsetFallsBehindTheOneItWentOnFrom() throws Exception {
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("watermark.interval.ms", "60000");
        SourceRecord last;
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "INSERT INTO accounts VALUES (1, 'ada', 1)",
                    "INSERT INTO accounts VALUES (2, 'bob', 1)",
                    "INSERT INTO accounts VALUES (3, 'eve', 1)");
            last = task.pollUntil(
                    change -> !RunningTask.isWatermark(change) && after(change).getInt64("id") == 3);
            task.store(last);
        }
        settings.put("watermark.interval.ms", "10");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            SourceRecord watermark = task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).isEmpty();
            assertThat(Lsn.parse((String) watermark.sourceOffset().get("lsn")))
                    .isGreaterThan(Lsn.parse((String) last.sourceOffset().get("commit_lsn")));
        }
    }

    @Test
    void movesTheSlotOnlyBehindTheStoredOffset() throws Exception {
        Map<String, String> settings = LedgerServer.settings(database);
        try (RunningTask task = new RunningTask(settings)) {
            SourceRecord first = task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO accounts VALUES (1, 'ada', 1)");
            task.pollThrough(walEnd());
            task.store(first);
            long stored = Lsn.parse((String) first.sourceOffset().get("lsn"));
            task.pollUntil(any -> confirmed() == stored);
            task.pollThrough(walEnd());
            assertThat(confirmed()).isEqualTo(stored);
        }
    }

    private long confirmed() {
        try {
            return Lsn.parse(LedgerServer.ask(
                    database,
                    "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = '" + database + "'"));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aChangedKeyIsADeleteAndACreate() throws Exception {
        try (RunningTask task = new RunningTask(LedgerServer.settings(database))) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database, "INSERT INTO accounts VALUES (1, 'ada', 1)", "UPDATE accounts SET id = 2 WHERE id = 1");
            List<SourceRecord> changes = task.pollThrough(walEnd());
            assertThat(operations(changes)).containsExactly("c", "d", "tombstone", "c");
            assertThat(position(changes.get(1)).position().ordinal()).isEqualTo(1);
            assertThat(position(changes.get(3)).position().ordinal()).isEqualTo(2);
            assertThat(position(changes.get(1)).operation()).isEqualTo(Operation.DELETE);
        }
    }

    @Test
    void namesTheColumnsThatTheServerDidNotSend() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE notes (id int PRIMARY KEY, seen boolean, body text)",
                "ALTER TABLE notes ALTER body SET STORAGE EXTERNAL",
                "INSERT INTO notes VALUES (1, false, repeat('x', 100000))");
        try (RunningTask task = new RunningTask(LedgerServer.settings(database))) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "UPDATE notes SET seen = true",
                    "ALTER TABLE notes REPLICA IDENTITY FULL",
                    "UPDATE notes SET seen = false");
            List<SourceRecord> changes = task.pollThrough(walEnd());
            SourceRecord byDefault = changes.get(1);
            assertThat(byDefault.headers().lastWithName("ledger.absent").value())
                    .isEqualTo("columns/body");
            assertThat(after(byDefault).getString("body")).isEqualTo("__debezium_unavailable_value");
            SourceRecord withFullIdentity = changes.get(2);
            assertThat(withFullIdentity.headers().lastWithName("ledger.absent")).isNull();
            assertThat(after(withFullIdentity).getString("body")).hasSize(100000);
        }
    }
}
