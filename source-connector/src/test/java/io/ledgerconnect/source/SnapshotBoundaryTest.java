package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.watermark.Watermark;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Snapshot and stream meet exactly: every row is in one of them, and in one only. */
class SnapshotBoundaryTest {
    @Test
    void writersDuringTheSnapshotLoseAndDoubleNothing() throws Exception {
        String database = LedgerServer.newDatabase();
        String[] tables = {"public.accounts", "public.entries", "public.vast"};
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "CREATE TABLE entries (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                "CREATE TABLE entries1 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE entries2 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                // A row a block: more than one chunk of 8192 blocks.
                "CREATE UNLOGGED TABLE vast (id int PRIMARY KEY, v text) WITH (fillfactor = 10, autovacuum_enabled = false)",
                "INSERT INTO vast SELECT i, repeat('x', 700) FROM generate_series(1, 9000) i",
                "ALTER TABLE vast SET LOGGED",
                "INSERT INTO accounts SELECT i, '' FROM generate_series(1, 300) i",
                "INSERT INTO entries SELECT i, '' FROM generate_series(1, 300) i");
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        settings.put("snapshot.max.threads", "3");
        try (RunningTask task = new RunningTask(settings)) {
            Watermark snapshot;
            try (Writers writers = new Writers(database, 3, 7, tables)) {
                snapshot = watermark(task.pollUntil(RunningTask::isWatermark));
                long commits = writers.commits();
                task.pollUntil(any -> writers.commits() > commits + 300);
            }
            List<SourceRecord> changes = task.pollThroughNow(database);
            new LedgerReplica().apply(changes).expectEqual(database, tables);
            assertThat(changes.stream().map(RunningTask::operation)).contains("r", "c", "u", "d");
            assertThat(changes.stream()
                            .filter(change -> !RunningTask.operation(change).equals("r"))
                            .map(change -> RunningTask.position(change).committedAtMicros()))
                    .allMatch(committed -> committed >= snapshot.committedAtMicros());
            Sequences.expectWhole(task.received);
        }
    }

    private static Watermark watermark(SourceRecord sent) {
        return Watermark.fromStruct((Struct) sent.value());
    }

    @Test
    void rowsThatAreWideEndABatch() throws Exception {
        String database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE documents (id int PRIMARY KEY, v text)",
                "INSERT INTO documents SELECT i, repeat('x', 1000000) FROM generate_series(1, 30) i");
        try (RunningTask task = new RunningTask(LedgerServer.settings(database))) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(task.changes()).hasSize(30);
            assertThat(task.largestBatch).isLessThan(5);
        }
    }
}
