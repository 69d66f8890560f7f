package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.PositionHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logical messages of applications are events of their own, each once and in the order of the WAL. */
class LogicalMessagesTest {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(database, "CREATE TABLE accounts (id bigint PRIMARY KEY)");
        settings = LedgerServer.settings(database);
    }

    private static String emit(boolean transactional, String prefix, String content) {
        return "SELECT pg_logical_emit_message(" + transactional + ", '" + prefix + "', '" + content + "')";
    }

    private static List<SourceRecord> messages(RunningTask task) {
        return task.received.stream()
                .filter(sent -> sent.topic().equals("t.message"))
                .toList();
    }

    private static String content(SourceRecord message) {
        Struct block = ((Struct) message.value()).getStruct("message");
        ByteBuffer bytes = block.get("content") instanceof byte[] array
                ? ByteBuffer.wrap(array)
                : (ByteBuffer) block.get("content");
        return block.getString("prefix") + ':' + StandardCharsets.UTF_8.decode(bytes);
    }

    @Test
    void sendsThoseOfTransactionsAndOthersInTheirOrder() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    emit(false, "usage", "first"),
                    "BEGIN; INSERT INTO accounts VALUES (1); " + emit(true, "usage", "second")
                            + "; INSERT INTO accounts VALUES (2); COMMIT",
                    "BEGIN; " + emit(true, "usage", "taken back") + "; ROLLBACK",
                    emit(true, "other", ""));
            List<SourceRecord> changes = task.pollThroughNow(database);
            assertThat(changes.stream().map(SourceRecord::topic))
                    .containsExactly("t.message", "t.public.accounts", "t.message", "t.public.accounts", "t.message");
            assertThat(messages(task).stream().map(LogicalMessagesTest::content))
                    .containsExactly("usage:first", "usage:second", "other:");
            Struct alone = ((Struct) messages(task).get(0).value()).getStruct("source");
            assertThat(alone.getInt64("txId")).isNull();
            assertThat(alone.getInt64("ts_ms")).isGreaterThan(1_700_000_000_000L);
            SourceRecord second = messages(task).get(1);
            assertThat(((Struct) second.value()).getStruct("source").getInt64("txId"))
                    .isPositive();
            assertThat(((Struct) second.key()).getString("prefix")).isEqualTo("usage");
            assertThat(((Struct) second.value()).getString("op")).isEqualTo("m");
            assertThat(second.headers()
                            .lastWithName(PositionHeader.NAME)
                            .value()
                            .toString())
                    .contains("/message/0/2/");
            Sequences.expectWhole(task.received);
        }
    }

    @Test
    void sendsThoseThatItIsAskedFor() throws Exception {
        settings.put("message.prefix.include.list", "usage\\..*,plan");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    emit(true, "usage.a", "1"),
                    emit(false, "usage", "2"),
                    emit(true, "planned", "3"),
                    emit(false, "plan", "4"));
            task.pollThroughNow(database);
            assertThat(messages(task).stream().map(LogicalMessagesTest::content))
                    .containsExactly("usage.a:1", "plan:4");
        }
    }

    @Test
    void keepsNotesOfItsOwnToItself() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, emit(true, "ledger-connect snapshot t", ""), emit(true, "mine", ""));
            task.pollThroughNow(database);
            assertThat(messages(task).stream().map(LogicalMessagesTest::content))
                    .containsExactly("mine:");
        }
    }

    @Test
    void sendsNoneTwiceAndNoneNeverAcrossARestart() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, emit(false, "p", "1"), emit(false, "p", "2"), emit(true, "p", "3"));
            SourceRecord two = task.pollUntil(
                    sent -> sent.topic().equals("t.message") && content(sent).equals("p:2"));
            task.store(two);
        }
        LedgerServer.execute(database, emit(false, "p", "4"));
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollThroughNow(database);
            assertThat(messages(task).stream().map(LogicalMessagesTest::content))
                    .containsExactly("p:3", "p:4");
            assertThat(messages(task).stream()
                            .map(sent -> sent.headers()
                                    .lastWithName(PositionHeader.NAME)
                                    .value()
                                    .toString()
                                    .split("/message/0/")[1]
                                    .split("/")[0]))
                    .containsExactly("3", "4");
        }
    }

    @Test
    void encodesContentAsBytesAre() throws Exception {
        settings.put("binary.handling.mode", "hex");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, emit(true, "p", "hi"));
            task.pollThroughNow(database);
            assertThat(((Struct) messages(task).get(0).value())
                            .getStruct("message")
                            .getString("content"))
                    .isEqualTo("6869");
        }
    }

    /** The commit record then begins where the message ends. */
    @Test
    void oneOutsideOfATransactionDoesNotCoverTheCommitThatFollowsIt() throws Exception {
        settings.put("snapshot.mode", "no_data");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database, "BEGIN; INSERT INTO accounts VALUES (1); " + emit(false, "p", "1") + "; COMMIT");
            task.store(task.pollUntil(sent -> sent.topic().equals("t.message")));
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollThroughNow(database))
                    .extracting(SourceRecord::topic)
                    .containsExactly("t.public.accounts");
        }
    }
}
