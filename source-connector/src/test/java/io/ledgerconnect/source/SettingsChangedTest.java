package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that decide which records there are, changed while the connector stands in the middle of a transaction. */
class SettingsChangedTest {
    private static final int ROWS = 3000;

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of("skipped.operations", "none", "d"),
                Arguments.of("skipped.operations", "d", "none"),
                Arguments.of("tombstones.on.delete", "true", "false"),
                Arguments.of("tombstones.on.delete", "false", "true"),
                Arguments.of("provide.transaction.metadata", "false", "true"),
                Arguments.of("table.exclude.list", "", "public.notes"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void nothingIsLostOrSentTwice(String setting, String before, String after) throws Exception {
        String database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v int)",
                "CREATE TABLE notes (id int PRIMARY KEY)",
                "INSERT INTO accounts SELECT i, 0 FROM generate_series(1, " + ROWS + ") i");
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        settings.put("watermark.interval.ms", "60000");
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
        List<SourceRecord> kept = new ArrayList<>();
        settings.put(setting, before);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            int snapshot = task.received.size();
            LedgerServer.execute(
                    database,
                    "BEGIN; DELETE FROM accounts WHERE id % 3 = 0; INSERT INTO notes VALUES (1);"
                            + " UPDATE accounts SET v = 1; COMMIT",
                    "BEGIN; DELETE FROM accounts WHERE id % 3 = 1; INSERT INTO notes VALUES (2);"
                            + " INSERT INTO accounts SELECT i, 2 FROM generate_series(5001, 6000) i; COMMIT");
            task.pollUntil(any -> task.received.size() > snapshot + ROWS / 2 + 100);
            int last = snapshot + ROWS / 2;
            kept.addAll(task.received.subList(0, last + 1));
            task.store(task.received.get(last));
        }
        settings.put(setting, after);
        settings.put("watermark.interval.ms", "100");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            task.store(task.received.get(task.received.size() - 1));
            LedgerServer.execute(database, "DELETE FROM accounts WHERE id < 10", "INSERT INTO notes VALUES (3)");
            task.pollThroughNow(database);
            kept.addAll(task.received);
        }
        Sequences.expectWhole(kept);
        long updates =
                kept.stream().filter(change -> "u".equals(operation(change))).count();
        assertThat(updates).isEqualTo(ROWS - ROWS / 3);
        long inserts = kept.stream()
                .filter(change ->
                        "c".equals(operation(change)) && change.topic().endsWith("accounts"))
                .count();
        assertThat(inserts).isEqualTo(1000);
    }

    private static String operation(SourceRecord change) {
        boolean isChange = change.headers().lastWithName("ledger.position") != null;
        return isChange ? RunningTask.operation(change) : "";
    }
}
