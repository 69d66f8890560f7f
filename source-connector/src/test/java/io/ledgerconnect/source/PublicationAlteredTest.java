package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.offset.SourceOffset;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A publication that is altered may leave changes out; then no watermark says that they have all been sent. */
class PublicationAlteredTest {
    private static final String NARROW = "ALTER PUBLICATION ledger_connect SET (publish = 'insert')";
    private static final String WIDEN =
            "ALTER PUBLICATION ledger_connect SET (publish = 'insert, update, delete, truncate')";

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, balance int)",
                "CREATE TABLE notes (id int PRIMARY KEY)",
                "INSERT INTO accounts VALUES (1, 0), (2, 0)",
                "INSERT INTO notes VALUES (1)");
        settings = LedgerServer.settings(database);
        settings.put("table.include.list", "public.accounts");
    }

    /** The last position that a watermark vouched for. */
    private static String lastWatermark(RunningTask task) {
        SourceRecord last = null;
        for (SourceRecord candidate : task.received) {
            last = RunningTask.isWatermark(candidate) ? candidate : last;
        }
        return (String) last.sourceOffset().get("lsn");
    }

    private ConnectException failureAfter(String... statements) throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, statements);
            ConnectException failure = task.pollUntilFailure();
            assertThat(failure)
                    .hasMessageContaining("Publication ledger_connect was altered after " + lastWatermark(task));
            return failure;
        }
    }

    private void expectGoesOnAfter(String... statements) throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            LedgerServer.execute(database, statements);
            task.store(task.pollThroughNowAndOn(database));
        }
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollThroughNow(database);
        }
    }

    private ConnectException refusal() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            ConnectException failure = task.pollUntilFailure();
            assertThat(task.received).isEmpty();
            return failure;
        }
    }

    @Test
    void thatLeavesOperationsOutStops() throws Exception {
        assertThat(failureAfter(NARROW, "UPDATE accounts SET balance = 1"))
                .hasMessageContaining("does not publish update, delete, truncate")
                .hasMessageContaining("Run " + WIDEN)
                .hasMessageContaining("DELETE /connectors/NAME/offsets");
    }

    @Test
    void thatWasNarrowedForAMomentStops() throws Exception {
        settings.put("watermark.interval.ms", "1000");
        assertThat(failureAfter(NARROW, "UPDATE accounts SET balance = 1", WIDEN))
                .hasMessageContaining("may be missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", TABLES IN SCHEMA other"})
    void thatLackedATableForAMomentStops(String more) throws Exception {
        LedgerServer.requireVersion(more.isEmpty() ? 14 : 15);
        LedgerServer.execute(
                database,
                "CREATE SCHEMA other",
                "CREATE PUBLICATION ledger_connect FOR TABLE accounts" + more
                        + " WITH (publish_via_partition_root = true)");
        assertThat(failureAfter(
                        "ALTER PUBLICATION ledger_connect DROP TABLE accounts",
                        "UPDATE accounts SET balance = 1",
                        "ALTER PUBLICATION ledger_connect ADD TABLE accounts"))
                .hasMessageContaining("public.accounts");
    }

    @Test
    void thatLackedASchemaForAMomentStops() throws Exception {
        LedgerServer.requireVersion(15);
        LedgerServer.execute(database, "CREATE PUBLICATION ledger_connect FOR TABLES IN SCHEMA public");
        assertThat(failureAfter(
                        "ALTER PUBLICATION ledger_connect DROP TABLES IN SCHEMA public",
                        "UPDATE accounts SET balance = 1",
                        "ALTER PUBLICATION ledger_connect ADD TABLES IN SCHEMA public"))
                .hasMessageContaining("public.accounts");
    }

    @Test
    void thatIsGoneStops() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect RENAME TO another");
            assertThat(task.pollUntilFailure()).hasMessageContaining("ledger_connect");
        }
        assertThat(refusal()).hasMessageContaining("ledger_connect");
    }

    @Test
    void staysAStopWhenItIsWideAgainUntilAnOperatorVouchesForIt() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        String stored = (String) offsets.get(SourceOffset.partition("t")).get("lsn");
        LedgerServer.execute(database, NARROW);
        assertThat(refusal()).hasMessageContaining("altered after " + stored).hasMessageContaining("Run " + WIDEN);
        LedgerServer.execute(database, WIDEN, "UPDATE accounts SET balance = 2");
        assertThat(refusal()).hasMessageContaining("altered after " + stored).hasMessageContaining("\"publication\"");
        offsets.get(SourceOffset.partition("t")).put("publication", "");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollThroughNow(database)).hasSize(2);
        }
    }

    @Test
    void inWhatTheCaptureDoesNotReadGoesOn() throws Exception {
        expectGoesOnAfter(
                "ALTER PUBLICATION ledger_connect ADD TABLE notes",
                "ALTER PUBLICATION ledger_connect DROP TABLE notes",
                "ALTER PUBLICATION ledger_connect SET TABLE accounts, notes",
                "UPDATE accounts SET balance = 1");
    }

    @Test
    void becauseATableWasDroppedGoesOn() throws Exception {
        settings.put("table.include.list", "public.accounts,public.notes");
        expectGoesOnAfter("DROP TABLE notes", "UPDATE accounts SET balance = 1");
    }

    @Test
    void becauseATableIsNotCapturedAnyMoreGoesOn() throws Exception {
        settings.put("table.include.list", "public.accounts,public.notes");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        settings.put("table.include.list", "public.accounts");
        expectGoesOnAfter("ALTER PUBLICATION ledger_connect DROP TABLE notes", "UPDATE accounts SET balance = 1");
    }

    @Test
    void offsetsOfEarlierVersionsGoOn() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        offsets.get(SourceOffset.partition("t")).remove("publication");
        expectGoesOnAfter("UPDATE accounts SET balance = 1");
    }
}
