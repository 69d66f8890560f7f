package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.source.offset.SourceOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
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
        assertThatThrownBy(() -> alter(Map.of("ledger", "other"), Map.of("lsn", "0/1")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("{ledger=other}")
                .hasMessageContaining("{\"ledger\": \"t\"}")
                .hasMessageContaining("Nothing was changed");
    }

    /**
     * Connect deletes all that it has of a connector: of a former topic.prefix, or of the connector before a migration.
     */
    @Test
    void ofOthersMayBeDeleted() throws Exception {
        settings = LedgerServer.settings(LedgerServer.newDatabase());
        Map<Map<String, ?>, Map<String, ?>> stored = new HashMap<>();
        stored.put(Map.of("ledger", "former"), null);
        stored.put(Map.of("server", "debezium"), null);
        assertThat(Logged.during(() ->
                        assertThat(connector.alterOffsets(settings, stored)).isTrue()))
                .contains("{\"ledger\": \"t\"}", "is not among");
        stored.put(SourceOffset.partition("t"), null);
        assertThat(Logged.during(() ->
                        assertThat(connector.alterOffsets(settings, stored)).isTrue()))
                .doesNotContain("is not among");
    }

    @Test
    void mustBeOfTheFormThatIsStored() {
        assertThatThrownBy(() -> alter(Map.of("ledger", "t"), Map.of("lsn", "0/1")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'version'")
                .hasMessageContaining("GET /connectors/NAME/offsets");
    }

    @Test
    void sayWhichFieldIsMalformed() throws Exception {
        Map<String, Object> offset = captured(LedgerServer.newDatabase()).get(1);
        Map<String, Object> wrong =
                Map.of("lsn", 5, "commit_lsn", "zz", "timeline", "one", "sequences", "accounts=one");
        wrong.forEach((field, value) -> {
            Map<String, Object> malformed = new HashMap<>(offset);
            malformed.put(field, value);
            assertThatThrownBy(() -> alter(malformed))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("its field '" + field + "'")
                    .hasMessageContaining("GET /connectors/NAME/offsets")
                    .hasMessageNotContaining("java.lang");
        });
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

    /** The way that docs/operations.md shows. */
    @Test
    void mayBeRewoundFurtherWithACopyOfTheSlot() throws Exception {
        String database = LedgerServer.newDatabase();
        LedgerServer.execute(database, "CREATE TABLE accounts (id int PRIMARY KEY)");
        settings = LedgerServer.settings(database);
        Map<Map<String, ?>, Map<String, Object>> stored = new HashMap<>();
        Map<String, Object> earlier;
        List<String> first;
        try (RunningTask task = new RunningTask(settings, stored)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            earlier = Map.copyOf(stored.get(SourceOffset.partition("t")));
            LedgerServer.execute(
                    database,
                    "SELECT pg_copy_logical_replication_slot('" + database + "', '" + database + "_kept')",
                    "INSERT INTO accounts VALUES (1), (2)");
            first = headers(task.pollThroughNow(database));
            task.store(task.received.get(task.received.size() - 1));
            Awaitility.await()
                    .until(() -> "t"
                            .equals(LedgerServer.ask(
                                    database,
                                    "SELECT confirmed_flush_lsn > '" + earlier.get("lsn")
                                            + "' FROM pg_replication_slots WHERE slot_name = '" + database + "'")));
        }
        assertThat(LedgerServer.connections(settings)).isZero();
        assertThatThrownBy(() -> alter(earlier)).hasMessageContaining("are missing");
        LedgerServer.execute(
                database,
                "SELECT pg_drop_replication_slot('" + database + "')",
                "SELECT pg_copy_logical_replication_slot('" + database + "_kept', '" + database + "')");
        assertThat(alter(earlier)).isTrue();
        stored.put(SourceOffset.partition("t"), new HashMap<>(earlier));
        try (RunningTask task = new RunningTask(settings, stored)) {
            assertThat(headers(task.pollThroughNow(database)))
                    .hasSize(2)
                    .as("the same positions and sequences")
                    .isEqualTo(first);
        }
    }

    private static List<String> headers(List<SourceRecord> changes) {
        return changes.stream().map(RunningTask::header).toList();
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
    void mayNotBeThoseOfAnotherLedgerAlthoughItsSnapshotIsUnfinished() throws Exception {
        Map<String, Object> foreign =
                new HashMap<>(captured(LedgerServer.newDatabase()).get(1));
        foreign.putAll(Map.of("system_id", "12345", "snapshot_complete", false));
        assertThatThrownBy(() -> alter(foreign))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("belongs to 12345/");
    }

    @Test
    void mayNotBeBeyondTheLedgersWal() throws Exception {
        Map<String, Object> beyond =
                new HashMap<>(captured(LedgerServer.newDatabase()).get(1));
        beyond.put("lsn", "7F/0");
        assertThatThrownBy(() -> alter(beyond))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("7F/0 is beyond the end of the ledger's WAL")
                .hasMessageContaining("the stored offset stays as it is")
                .hasMessageContaining("DELETE /connectors/NAME/offsets");
    }

    @Test
    void mayNotBeOfAnotherNumberOfPartitions() throws Exception {
        Map<String, Object> offset = captured(LedgerServer.newDatabase()).get(1);
        settings.put("topic.creation.default.partitions", "3");
        assertThatThrownBy(() -> alter(offset))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("1 partitions of table public.accounts")
                .hasMessageContaining("topic.creation.default.partitions=1");
    }

    /** Another position under the same sequences: changes would be missing, and no sequence would show it. */
    @Test
    void mayNotBeEdited() throws Exception {
        String database = LedgerServer.newDatabase();
        List<Map<String, Object>> offsets = captured(database);
        Map<String, Object> edited = new HashMap<>(offsets.get(0));
        edited.put("lsn", offsets.get(1).get("lsn"));
        assertThatThrownBy(() -> alter(edited))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("offset at " + edited.get("lsn") + " was edited")
                .hasMessageContaining("the stored offset stays as it is")
                .hasMessageContaining("DELETE /connectors/NAME/offsets");
    }

    @Test
    void mayLackTheVersionOfThePublication() throws Exception {
        Map<String, Object> vouched =
                new HashMap<>(captured(LedgerServer.newDatabase()).get(1));
        vouched.put("publication", "");
        assertThat(alter(vouched)).isTrue();
    }

    /** Connect's REST API reads small numbers as integers; and versions before this one stored no check. */
    @Test
    void mayBeAsRestReadsThemAndAsEarlierVersionsStoredThem() throws Exception {
        Map<String, Object> offset =
                new HashMap<>(captured(LedgerServer.newDatabase()).get(1));
        offset.replaceAll((field, value) -> value instanceof Long number ? number.intValue() : value);
        assertThat(alter(offset)).isTrue();
        offset.remove("check");
        assertThat(alter(offset)).isTrue();
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
