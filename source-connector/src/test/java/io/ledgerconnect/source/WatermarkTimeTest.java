package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.watermark.Watermark;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watermark's time is one through which everything has been sent. */
class WatermarkTimeTest {
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(database, "CREATE TABLE accounts (id int PRIMARY KEY)");
        settings = LedgerServer.settings(database);
        settings.put("watermark.interval.ms", "20");
    }

    private static long time(SourceRecord watermark) {
        return Watermark.fromStruct((Struct) watermark.value()).committedAtMicros();
    }

    private long now() throws Exception {
        return Long.parseLong(
                LedgerServer.ask(database, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
    }

    private static void signal(String signal, String pid) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
    }

    @Test
    void goesOnWhileTheLedgerIsIdle() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            long now = now();
            task.pollUntil(sent -> RunningTask.isWatermark(sent) && time(sent) > now);
            assertThat(task.changes()).isEmpty();
        }
    }

    @Test
    void standsStillWhileTheServerIsBehindWithSending() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            long begun = now();
            task.pollUntil(sent -> RunningTask.isWatermark(sent) && time(sent) > begun);
            String walsender = LedgerServer.walsender(database);
            signal("-STOP", walsender);
            try {
                LedgerServer.execute(database, "INSERT INTO accounts VALUES (1)");
                long committed = now();
                for (int i = 0; i < 60; i++) {
                    assertThat(time(task.pollUntil(RunningTask::isWatermark))).isLessThan(committed);
                }
                assertThat(task.changes()).isEmpty();
            } finally {
                signal("-CONT", walsender);
            }
            assertThat(task.pollThroughNow(database)).hasSize(1);
            long now = now();
            task.pollUntil(sent -> RunningTask.isWatermark(sent) && time(sent) > now);
        }
    }

    @Test
    void isUnknownWhereAnOlderSlotBegins() throws Exception {
        LedgerServer.execute(
                database,
                "SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput')",
                "CREATE PUBLICATION ledger_connect FOR ALL TABLES",
                "INSERT INTO accounts VALUES (1)");
        settings.put("snapshot.mode", "no_data");
        try (RunningTask task = new RunningTask(settings)) {
            assertThat(time(task.pollUntil(RunningTask::isWatermark))).isZero();
            task.pollThroughNow(database);
        }
    }
}
