package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables without a key, captured because the settings say so. */
class TablesWithoutKeyTest {
    private static final String LOG = "public.log";

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "CREATE TABLE log (line text, n int)",
                "INSERT INTO accounts SELECT i, 'v' FROM generate_series(1, 20) i",
                "INSERT INTO log SELECT 'same', i % 2 FROM generate_series(1, 10) i");
        settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        settings.put("tables.without.key", "public\\.log");
    }

    private static List<SourceRecord> ofLog(List<SourceRecord> records) {
        return records.stream().filter(sent -> sent.topic().endsWith(LOG)).toList();
    }

    private static String row(SourceRecord change) {
        return RunningTask.after(change).getString("line")
                + RunningTask.after(change).getInt32("n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEFAULT", "FULL", "NOTHING"})
    void areRefusedUntilTheyAreNamed(String identity) throws SQLException {
        LedgerServer.execute(database, "ALTER TABLE log REPLICA IDENTITY " + identity);
        settings.remove("tables.without.key");
        ValidationErrors.of(settings)
                .expectOne("table.include.list", "none", LOG, "no primary key", "tables.without.key=public\\.log");
        settings.put("tables.without.key", "public\\.journal");
        ValidationErrors.of(settings).expectOne("table.include.list", "none", LOG, "tables.without.key=public\\.log");
        settings.put("tables.without.key", "public\\.journal, PUBLIC\\.LOG");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void haveOnePartitionAndNoKey() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "INSERT INTO log SELECT 'new', i FROM generate_series(1, 5) i",
                    "INSERT INTO accounts SELECT i, 'v' FROM generate_series(21, 40) i");
            List<SourceRecord> sent = task.pollThroughNow(database);
            assertThat(ofLog(sent))
                    .hasSize(15)
                    .allMatch(change -> change.key() == null && change.keySchema() == null)
                    .allMatch(change -> change.kafkaPartition() == 0);
            assertThat(ofLog(sent).subList(0, 10))
                    .extracting(RunningTask::operation)
                    .containsOnly("r");
            assertThat(ofLog(sent).subList(10, 15))
                    .extracting(TablesWithoutKeyTest::row)
                    .containsExactly("new1", "new2", "new3", "new4", "new5");
            assertThat(sent)
                    .filteredOn(change -> change.topic().endsWith("accounts"))
                    .extracting(SourceRecord::kafkaPartition)
                    .contains(0, 1, 2);
            Sequences.expectWhole(task.received);
        }
    }

    @Test
    void withFullIdentityTellWhatTheyWereAndLeaveNoTombstone() throws Exception {
        LedgerServer.execute(database, "ALTER TABLE log REPLICA IDENTITY FULL");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            int before = task.changes().size();
            LedgerServer.execute(
                    database,
                    "UPDATE log SET line = repeat('long', 3000) WHERE n = 1",
                    "UPDATE log SET n = 2 WHERE n = 1",
                    "DELETE FROM log WHERE ctid = (SELECT min(ctid) FROM log WHERE n = 0)",
                    "TRUNCATE log");
            List<SourceRecord> sent = task.pollThroughNow(database);
            List<SourceRecord> changes = sent.subList(before, sent.size());
            assertThat(changes.subList(0, 11))
                    .extracting(RunningTask::operation)
                    .containsExactly("u", "u", "u", "u", "u", "u", "u", "u", "u", "u", "d");
            assertThat(changes.subList(5, 10)).allSatisfy(change -> {
                assertThat(RunningTask.before(change).getInt32("n")).isEqualTo(1);
                assertThat(RunningTask.after(change).getInt32("n")).isEqualTo(2);
                assertThat(RunningTask.after(change).getString("line")).isEqualTo("long".repeat(3000));
                assertThat(change.headers().lastWithName("ledger.absent")).isNull();
            });
            assertThat(RunningTask.before(changes.get(10)).getString("line")).isEqualTo("same");
            assertThat(changes.subList(0, 11)).allMatch(change -> change.kafkaPartition() == 0 && change.key() == null);
            assertThat(changes.subList(11, changes.size()))
                    .extracting(RunningTask::operation)
                    .containsExactly("t", "t", "t");
            Sequences.expectWhole(task.received);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEFAULT", "NOTHING"})
    void withoutIdentityAreWarnedOfBecauseTheLedgerRefusesTheirUpdates(String identity) throws Exception {
        LedgerServer.execute(database, "ALTER TABLE log REPLICA IDENTITY " + identity);
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings)) {
                task.pollUntil(RunningTask::isWatermark);
            }
        });
        assertThat(log)
                .contains(
                        "Tables public.log have no replica identity and are in publication",
                        "run ALTER TABLE public.log REPLICA IDENTITY FULL;");
        assertThatThrownBy(() -> LedgerServer.execute(database, "UPDATE log SET n = 3"))
                .hasMessageContaining("does not have a replica identity and publishes updates");
        LedgerServer.execute(database, "ALTER TABLE public.log REPLICA IDENTITY FULL;", "UPDATE log SET n = 3");
    }

    @Test
    void areTheSameInEveryStreamAndInEveryReplay() throws Exception {
        LedgerServer.execute(database, "ALTER TABLE log REPLICA IDENTITY FULL");
        settings.put("snapshot.mode", "no_data");
        Map<String, String> other = new HashMap<>(settings);
        other.put("slot.name", settings.get("slot.name") + "_other");
        other.put("name", "other");
        try (RunningTask one = new RunningTask(settings);
                RunningTask two = new RunningTask(other, offsets)) {
            one.pollUntil(RunningTask::isWatermark);
            SourceRecord begin = two.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "INSERT INTO log VALUES ('same', 1), ('same', 1), (NULL, NULL)",
                    "BEGIN; UPDATE log SET n = n + 1; DELETE FROM log WHERE n = 2; INSERT INTO log VALUES ('same', 2); COMMIT");
            List<String> first = places(one.pollThroughNow(database));
            assertThat(first).hasSizeGreaterThan(20);
            assertThat(places(two.pollThroughNow(database))).isEqualTo(first);
            two.store(begin);
            two.close();
            try (RunningTask again = new RunningTask(other, offsets)) {
                assertThat(places(again.pollThroughNow(database))).isEqualTo(first);
            }
        }
    }

    /** The stream's name is in the header; what is compared is where a change stands. */
    private static List<String> places(List<SourceRecord> changes) {
        return changes.stream()
                .map(change -> change.kafkaPartition() + " "
                        + RunningTask.position(change).sequence() + " "
                        + RunningTask.position(change).position() + " " + RunningTask.operation(change))
                .toList();
    }

    @Test
    void stayWithoutAKeyThatTheyGetLater() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        LedgerServer.execute(
                database,
                "ALTER TABLE log ADD id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                "INSERT INTO log SELECT 'new', i FROM generate_series(1, 5) i",
                "DELETE FROM log WHERE id = 3");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            List<SourceRecord> sent = ofLog(task.pollThroughNow(database));
            assertThat(sent).hasSize(6).allMatch(change -> change.key() == null && change.kafkaPartition() == 0);
            assertThat(RunningTask.before(sent.get(5)).getInt32("id")).isEqualTo(3);
            Sequences.expectGoesOn(task.received);
        }
    }

    /** In a publication of all tables, a new table is there without anybody's word. */
    @Test
    void thatComeLaterStopTheStreamUntilTheyAreNamed() throws Exception {
        LedgerServer.execute(
                database, "CREATE PUBLICATION ledger_connect FOR ALL TABLES WITH (publish_via_partition_root = true)");
        settings.put("publication.name", "ledger_connect");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            LedgerServer.execute(database, "CREATE TABLE late (n int)", "INSERT INTO late VALUES (1), (2)");
            assertThat(task.pollUntilFailure())
                    .hasMessageContaining("Table public.late has no key in this stream")
                    .hasMessageContaining("tables.without.key=public\\.late");
        }
        settings.put("tables.without.key", "public\\.log,public\\.late");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollThroughNow(database))
                    .extracting(sent -> RunningTask.after(sent).getInt32("n"))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void thatAreAddedToACaptureMustBeEmpty() throws Exception {
        settings.put("table.include.list", "public\\.accounts");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.store(task.pollUntil(RunningTask::isWatermark));
        }
        settings.put("table.include.list", "public\\.accounts,public\\.log");
        LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect ADD TABLE log");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(task.pollUntilFailure())
                    .hasMessageContaining("Table public.log was not captured before and has no key");
        }
        LedgerServer.execute(database, "TRUNCATE log");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, "INSERT INTO log VALUES ('new', 1)");
            assertThat(ofLog(task.pollThroughNow(database)))
                    .filteredOn(change -> RunningTask.operation(change).equals("c"))
                    .extracting(TablesWithoutKeyTest::row)
                    .containsExactly("new1");
        }
    }

    @Test
    void areNotHarmedByAPublicationOfAllTablesThatTheyAreChosenFor() throws Exception {
        settings.put("publication.autocreate.mode", "all_tables");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        LedgerServer.execute(database, "CREATE TABLE other (n int)");
        settings.put("table.exclude.list", "public\\.other");
        ValidationErrors.of(settings).expectOne("publication.autocreate.mode", "none", "public.other");
    }

    private void fill() throws SQLException {
        LedgerServer.execute(
                database,
                "TRUNCATE log, accounts",
                "INSERT INTO log SELECT 'same', i % 10 FROM generate_series(1, 40000) i",
                "INSERT INTO accounts SELECT i, 'v' FROM generate_series(1, 40000) i");
    }

    /** Equal rows are told apart by their places. */
    @Test
    void haveEachRowOnceAlsoWhereRowsAreEqual() throws Exception {
        fill();
        try (RunningTask task = new RunningTask(settings)) {
            List<SourceRecord> rows = ofLog(task.pollThroughNow(database));
            Set<String> positions = new HashSet<>();
            rows.forEach(
                    row -> positions.add(RunningTask.position(row).position().toString()));
            assertThat(rows).hasSize(40_000);
            assertThat(positions).hasSize(40_000);
            Sequences.expectWhole(task.received);
        }
    }

    @Test
    void areReadAnewWhereTheirSnapshotWasInterrupted() throws Exception {
        fill();
        Set<String> streams = new HashSet<>();
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(any -> task.received.size() >= 20_000);
            task.store(task.received.get(task.received.size() - 1));
            assertThat(task.received).allMatch(sent -> sent.topic().endsWith(LOG));
            task.received.forEach(sent -> streams.add(RunningTask.position(sent).channel().stream()));
        }
        LedgerServer.execute(database, "INSERT INTO log VALUES ('same', 1), ('same', 2)");
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings, offsets)) {
                List<SourceRecord> rows = ofLog(task.pollThroughNow(database));
                assertThat(rows).hasSize(40_002);
                assertThat(rows).noneMatch(sent -> streams.contains(RunningTask.position(sent).channel().stream()));
            }
        });
        assertThat(log).contains("is begun anew, as of now: it was at tables without a key (tables.without.key)");
    }

    @Test
    void areNotReadAgainWhereTheSnapshotWasInterruptedAfterThem() throws Exception {
        fill();
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(any -> task.received.size() >= 60_000);
            task.store(task.received.get(task.received.size() - 1));
            assertThat(ofLog(task.received)).hasSize(40_000);
        }
        LedgerServer.execute(
                database, "INSERT INTO log VALUES ('same', 1), ('same', 2)", "UPDATE accounts SET v = 'changed'");
        try (RunningTask task = new RunningTask(settings, offsets)) {
            assertThat(ofLog(task.pollThroughNow(database)))
                    .extracting(sent -> RunningTask.operation(sent) + row(sent))
                    .containsExactly("csame1", "csame2");
        }
    }

    /** Rows of a later transaction could not be told from those of the snapshot. */
    @Test
    void areReadInOneTransactionHoweverLongItTakes() throws Exception {
        fill();
        settings.put("snapshot.transaction.max.ms", "1000");
        long[] begun = {System.nanoTime()};
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings, offsets)) {
                // Nothing is taken for twice the time that a transaction may be held open.
                task.pollUntil(any -> true);
                while (System.nanoTime() - begun[0] < 2_500_000_000L) {
                    LedgerServer.execute(database, "INSERT INTO log VALUES ('same', 1)");
                }
                task.pollUntil(any ->
                        task.received.size() >= 39_000 && ofLog(task.received).size() >= 39_000);
                task.pollThroughNow(database);
                long rows = Long.parseLong(LedgerServer.ask(database, "SELECT count(*) FROM log"));
                assertThat(ofLog(task.received)).hasSize((int) rows);
                assertThat(ofLog(task.received))
                        .filteredOn(sent -> RunningTask.operation(sent).equals("r"))
                        .hasSize(40_000);
                Sequences.expectWhole(task.received);
            }
        });
        assertThat(log).doesNotContainPattern("goes on with a new transaction: .* of \"public\"\\.\"log\"");
    }
}
