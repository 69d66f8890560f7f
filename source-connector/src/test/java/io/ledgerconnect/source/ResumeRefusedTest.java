package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.source.offset.SourceOffset;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An offset that does not fit the ledger stops the task: nothing is captured, and no slot is created. */
class ResumeRefusedTest {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;
    private String stored;

    @BeforeEach
    void captureAndStop() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(database, "CREATE TABLE accounts (id int PRIMARY KEY)", "INSERT INTO accounts VALUES (1)");
        settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            SourceRecord watermark = task.pollUntil(RunningTask::isWatermark);
            task.store(watermark);
            stored = (String) watermark.sourceOffset().get("lsn");
        }
        assertThat(LedgerServer.connections(settings)).isZero(); // the server lets go of the slot
        LedgerServer.execute(database, "INSERT INTO accounts VALUES (2)");
    }

    private void change(String field, Object value) {
        offsets.get(SourceOffset.partition("t")).put(field, value);
    }

    private void expectRefusal(String... words) throws Exception {
        String slots = "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots";
        String before = LedgerServer.ask(database, slots);
        try (RunningTask task = new RunningTask(settings, offsets)) {
            ConnectException failure = task.pollUntilFailure();
            assertThat(failure).hasMessageContainingAll(words);
            assertThat(task.received).isEmpty();
        }
        assertThat(LedgerServer.ask(database, slots)).isEqualTo(before);
        assertThat(LedgerServer.connections(settings)).isZero();
    }

    @Test
    void whenTheSlotIsGone() throws Exception {
        LedgerServer.execute(database, "SELECT pg_drop_replication_slot('" + database + "')");
        expectRefusal("slot " + database + " is gone", stored, "DELETE /connectors/NAME/offsets");
    }

    @Test
    void whenThePublicationLeavesOperationsOut() throws Exception {
        LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect SET (publish = 'insert')");
        expectRefusal("does not publish", "update", "delete", "SET (publish = ");
    }

    @Test
    void whenTheSlotStandsAfterTheOffset() throws Exception {
        String slot = LedgerServer.ask(
                database, "SELECT end_lsn FROM pg_replication_slot_advance('" + database + "', pg_current_wal_lsn())");
        expectRefusal("stands at " + slot, "stored offset " + stored, "between " + stored + " and " + slot);
    }

    @Test
    void whenTheServerIsAnother() throws Exception {
        change("system_id", "12345");
        expectRefusal("12345/" + database, "restored into a new cluster");
    }

    @Test
    void whenTheDatabaseIsAnother() throws Exception {
        change("database", "elsewhere");
        expectRefusal("/elsewhere", "/" + database);
    }

    @Test
    void whenTheSlotNameHasChanged() throws Exception {
        settings.put("slot.name", "another");
        expectRefusal("slot.name=" + database, "another");
    }

    @Test
    void whenTheNumberOfPartitionsHasChanged() throws Exception {
        settings.put("topic.creation.default.partitions", "4");
        expectRefusal("3 partitions of table public.accounts", "topic.creation.default.partitions=3");
    }

    @Test
    void whenTheLedgerEndsBeforeTheOffset() throws Exception {
        change("commit_lsn", "7F/0");
        expectRefusal("7F/0", "restored to an earlier point");
    }

    @Test
    void whenTheOffsetIsOfATimelineThatTheServerNeverHad() throws Exception {
        change("timeline", 2);
        expectRefusal("timeline 2", "restored to an earlier point");
    }

    @Test
    void whenThePublicationLacksATable() throws Exception {
        LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect DROP TABLE accounts");
        expectRefusal("lacks public.accounts");
    }

    @Test
    void whenTheOffsetCannotBeRead() throws Exception {
        change("sequences", "public.accounts=one");
        assertThatThrownBy(() -> new RunningTask(settings, offsets))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("stored offset of t cannot be read")
                .hasMessageContaining("DELETE /connectors/NAME/offsets");
    }

    @Test
    void butNotWhenItIsAsItWasStored() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollThroughNow(database)).hasSize(1);
        }
    }
}
