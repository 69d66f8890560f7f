package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.common.position.ChangeDigest;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.watermark.Watermark;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What headers and watermarks tell of the contents of records. */
class DigestTest {
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, owner text, balance numeric(12,2), tags text[])",
                "ALTER TABLE accounts REPLICA IDENTITY FULL",
                "INSERT INTO accounts SELECT i, 'owner ' || i, i / 7.0, ARRAY['a', NULL] FROM generate_series(1, 50) i");
        settings = LedgerServer.settings(database);
    }

    private void change() throws Exception {
        LedgerServer.execute(
                database,
                "INSERT INTO accounts VALUES (51, 'new', NULL, NULL)",
                "UPDATE accounts SET balance = balance + 1 WHERE id > 40",
                "UPDATE accounts SET id = 100 WHERE id = 1",
                "DELETE FROM accounts WHERE id = 2");
    }

    private static long digest(SourceRecord change) {
        Struct value = (Struct) change.value();
        PositionHeader header = RunningTask.position(change);
        long content = ContentHash.of((Struct) change.key(), value.getStruct("before"), value.getStruct("after"));
        return ChangeDigest.of(header.position(), header.operation(), content);
    }

    @Test
    void areThoseOfTheRecordsAndAddUpInWatermarks() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            change();
            task.pollThroughNow(database);
            task.pollUntil(RunningTask::isWatermark);

            List<SourceRecord> changes = task.changes().stream()
                    .filter(change -> change.value() != null)
                    .toList();
            assertThat(changes.stream().map(RunningTask::operation)).contains("r", "c", "u", "d");
            assertThat(changes)
                    .allSatisfy(change ->
                            assertThat(RunningTask.position(change).digest()).isEqualTo(digest(change)));
            long told = task.received.stream()
                    .filter(RunningTask::isWatermark)
                    .flatMap(watermark -> Watermark.fromStruct((Struct) watermark.value()).tables().stream())
                    .mapToLong(window -> HexFormat.fromHexDigitsToLong(window.digest()))
                    .sum();
            assertThat(told)
                    .isEqualTo(changes.stream().mapToLong(DigestTest::digest).sum());
        }
    }

    @Test
    void areNotToldWhereATransformMayAlterTheRecords() throws Exception {
        settings.put("transforms", "flatten");
        settings.put("transforms.flatten.type", "org.apache.kafka.connect.transforms.Flatten$Value");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            change();
            task.pollThroughNow(database);
            assertThat(task.changes())
                    .hasSizeGreaterThan(50)
                    .allMatch(change -> RunningTask.position(change).digest() == ChangeDigest.NONE);
        }
    }
}
