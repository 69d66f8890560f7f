package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.source.offset.SourceOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Offsets that an operator changes over REST. */
class AlterOffsetsTest {
    private final LedgerSourceConnector connector = new LedgerSourceConnector();
    private Map<String, String> settings = Map.of("topic.prefix", "t");

    private boolean alter(Map<String, ?> offset) {
        return alter(SourceOffset.partition("t"), offset);
    }

    private boolean alter(Map<String, ?> partition, Map<String, ?> offset) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(partition, offset);
        return connector.alterOffsets(settings, offsets);
    }

    @Test
    void mayBeDeletedThoughTheLedgerIsAway() {
        settings = Map.of(
                "topic.prefix", "t",
                "name", "t",
                "database.hostname", "127.0.0.1",
                "database.port", "1",
                "database.user", "u",
                "database.dbname", "d");
        assertThat(alter(Map.of("ledger", "t"), null)).isTrue();
    }

    @Test
    void mustBeOfThisCapture() {
        assertThatThrownBy(() -> alter(Map.of("ledger", "other"), null))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("{\"ledger\": \"t\"}");
    }

    @Test
    void mustBeOfTheFormThatIsStored() {
        assertThatThrownBy(() -> alter(Map.of("ledger", "t"), Map.of("lsn", "0/1")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'version'")
                .hasMessageContaining("GET /connectors/NAME/offsets");
    }

    /** Captures a row and stops; the offset before that row, and the one after it. */
    private List<Map<String, Object>> captured(String database) throws Exception {
        LedgerServer.execute(database, "CREATE TABLE accounts (id int PRIMARY KEY)");
        settings = LedgerServer.settings(database);
        try (RunningTask task = new RunningTask(settings)) {
            SourceRecord before = task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO accounts VALUES (1)");
            SourceRecord after = task.pollThroughNowAndOn(database);
            return List.of(Map.copyOf(before.sourceOffset()), Map.copyOf(after.sourceOffset()));
        }
    }

    @Test
    void mayBeRewoundToWhatTheSlotStillHas() throws Exception {
        String database = LedgerServer.newDatabase();
        Map<String, Object> earlier = captured(database).get(0);
        assertThat(alter(earlier)).isTrue();
        Map<Map<String, ?>, Map<String, Object>> stored = new HashMap<>();
        stored.put(SourceOffset.partition("t"), earlier);
        try (RunningTask task = new RunningTask(settings, stored)) {
            assertThat(task.pollThroughNow(database)).hasSize(1);
        }
        assertThat(LedgerServer.connections(settings)).isZero();
    }

    @Test
    void mayNotBeRewoundBeforeTheSlot() throws Exception {
        String database = LedgerServer.newDatabase();
        List<Map<String, Object>> offsets = captured(database);
        LedgerServer.execute(
                database,
                "SELECT pg_replication_slot_advance('" + database + "', '"
                        + offsets.get(1).get("lsn") + "')");
        assertThat(alter(offsets.get(1))).isTrue();
        assertThatThrownBy(() -> alter(offsets.get(0)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("stored offset " + offsets.get(0).get("lsn"))
                .hasMessageContaining("are missing");
    }

    @Test
    void mayNotBeThoseOfAnotherLedger() throws Exception {
        Map<String, Object> foreign =
                new HashMap<>(captured(LedgerServer.newDatabase()).get(1));
        foreign.put("system_id", "12345");
        assertThatThrownBy(() -> alter(foreign))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("belongs to 12345/");
    }

    @Test
    void cannotBeCheckedWithoutTheLedger() throws Exception {
        Map<String, Object> offset = captured(LedgerServer.newDatabase()).get(1);
        settings.put("database.port", "1");
        assertThatThrownBy(() -> alter(offset))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot be asked")
                .hasMessageContaining("stays as it is");
    }
}
