package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.PositionHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot that is asked for while the stream goes on has every row once, whatever is changed meanwhile. */
class RequestedSnapshotTest {
    private static final int ROWS = 40_000;
    private static final String[] TABLES = {"public.accounts", "public.entries"};

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private final AppliedRows sink = new AppliedRows();
    private String database;
    private Map<String, String> settings;

    /** None of these rows is in the stream. */
    @BeforeEach
    void fill() throws Exception {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        settings.put("snapshot.mode", "no_data");
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "CREATE TABLE entries (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                "CREATE TABLE entries1 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE entries2 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO accounts SELECT i, 'v' FROM generate_series(1, " + ROWS + ") i",
                "INSERT INTO entries SELECT i, 'v' FROM generate_series(1, " + ROWS + ") i");
    }

    private RunningTask started() {
        return new RunningTask(settings, offsets);
    }

    private void ask(String id, String tables) {
        settings.put("snapshot.request.id", id);
        settings.put("snapshot.request.tables", tables);
    }

    private static boolean isRead(SourceRecord sent) {
        return !RunningTask.isWatermark(sent)
                && sent.value() != null
                && RunningTask.operation(sent).equals("r");
    }

    private static long reads(List<SourceRecord> records) {
        return records.stream().filter(RequestedSnapshotTest::isRead).count();
    }

    /** Polls until a snapshot is over, and through what the database has by then. */
    private void pollToTheEnd(RunningTask task, String id) throws Exception {
        task.pollUntil(sent -> isOver(sent, id));
        task.pollThroughNow(database);
    }

    /** Whether a request is over whose name begins so. */
    private static boolean isOver(SourceRecord sent, String id) {
        Object requests = sent.sourceOffset().get("snapshot_requests");
        return requests != null
                && Stream.of(requests.toString().split("\\|", -1)[1].split(",", -1))
                        .anyMatch(ended -> ended.startsWith(id));
    }

    @Test
    void hasRowsThatTheStreamNeverHad() throws Exception {
        ask("first", "public.*");
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            assertThat(reads(task.received)).isEqualTo(2 * ROWS);
            sink.apply(task.received).expectEqual(database, TABLES);
            SourceRecord row = task.received.stream()
                    .filter(RequestedSnapshotTest::isRead)
                    .findFirst()
                    .orElseThrow();
            assertThat(((Struct) row.value()).getStruct("source").getString("snapshot"))
                    .isEqualTo("incremental");
        }
    }

    @Test
    void isRightWhileRowsAreWritten() throws Exception {
        ask("first", "public.*");
        try (RunningTask task = started()) {
            try (Writers writers = new Writers(database, 3, 7, TABLES)) {
                task.pollUntil(sent -> isOver(sent, "first") && writers.commits() > 100);
            }
            task.pollThroughNow(database);
            sink.apply(task.received).expectEqual(database, TABLES);
            assertThat(reads(task.received)).isGreaterThan(2 * ROWS - 1_000);
        }
    }

    @Test
    void isReadOnce() throws Exception {
        ask("first", "public.accounts");
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            task.store(task.received.get(task.received.size() - 1));
        }
        try (RunningTask task = started()) {
            task.pollThroughNow(database);
            task.pollFor(500);
            assertThat(reads(task.received)).isZero();
        }
        ask("second", "public.accounts");
        try (RunningTask task = started()) {
            pollToTheEnd(task, "second");
            assertThat(reads(task.received)).isEqualTo(ROWS);
        }
    }

    @Test
    void readsTheRowsThatMeetACondition() throws Exception {
        ask("first", "public.accounts,public.entries");
        settings.put("snapshot.request.condition.public.accounts", "id % 4 = 0 -- every fourth");
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            assertThat(reads(task.received)).isEqualTo(ROWS + ROWS / 4);
        }
    }

    /** Pieces grow where few rows meet the condition. */
    @Test
    void rowsThatLieCloseAfterFewComeInSmallPieces() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE lines (id int PRIMARY KEY, v text)",
                "INSERT INTO lines SELECT i, repeat('x', 100) FROM generate_series(1, 150000) i");
        ask("first", "public.lines");
        settings.put("snapshot.request.condition.public.lines", "id > 100000");
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            assertThat(reads(task.received)).isEqualTo(50_000);
            Map<Long, Long> rowsByPiece = task.received.stream()
                    .filter(RequestedSnapshotTest::isRead)
                    .collect(Collectors.groupingBy(
                            sent -> RunningTask.position(sent).position().commitLsn(), Collectors.counting()));
            assertThat(rowsByPiece.values()).allMatch(rows -> rows < 12_000);
        }
    }

    /** What was sent after the stored offset is sent again, and it is the same. */
    @Test
    void goesOnAfterARestartAndRepeatsWhatItSent() throws Exception {
        ask("first", "public.*");
        Random random = new Random(11);
        List<String> sent = new ArrayList<>();
        List<SourceRecord> kept = new ArrayList<>();
        try (Writers writers = new Writers(database, 2, 5, TABLES)) {
            for (int i = 0; i < 8; i++) {
                try (RunningTask task = started()) {
                    long commits = writers.commits();
                    int most = 200 + random.nextInt(15_000);
                    task.pollUntil(any -> task.received.size() >= most && writers.commits() > commits + 20);
                    List<SourceRecord> changes = task.changes();
                    List<String> now = changes.stream()
                            .map(RequestedSnapshotTest::identity)
                            .toList();
                    int both = Math.min(sent.size(), now.size());
                    assertThat(now.subList(0, both)).isEqualTo(sent.subList(0, both));
                    int stored = random.nextInt(task.received.size());
                    task.store(task.received.get(stored));
                    kept.addAll(task.received.subList(0, stored + 1));
                    sent = task.received.subList(stored + 1, task.received.size()).stream()
                            .filter(any -> !RunningTask.isWatermark(any))
                            .map(RequestedSnapshotTest::identity)
                            .toList();
                }
            }
        }
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            kept.addAll(task.received);
        }
        sink.apply(kept).expectEqual(database, TABLES);
    }

    private static String identity(SourceRecord sent) {
        return RunningTask.header(sent)
                + ' '
                + sent.key()
                + ' '
                + (sent.value() == null ? "" : RunningTask.after(sent));
    }

    /** Two clusters: whichever sink comes first, the other passes over. */
    @Test
    void isTheSameInEveryCaptureOfTheLedger() throws Exception {
        Map<String, String> other = new HashMap<>(settings);
        other.put("slot.name", settings.get("slot.name") + "_other");
        ask("first", "public.*");
        try (RunningTask second = new RunningTask(other)) {
            second.pollUntil(RunningTask::isWatermark);
            try (RunningTask first = started()) {
                first.pollUntil(RunningTask::isWatermark);
                try (Writers writers = new Writers(database, 2, 3, TABLES)) {
                    first.pollUntil(sent -> isOver(sent, "first") && writers.commits() > 100);
                }
                long lsn = LedgerServer.walEnd(database);
                first.pollThrough(lsn);
                second.pollThrough(lsn);
                Set<String> different = positions(second);
                different.removeAll(positions(first));
                assertThat(different).isEmpty();
                assertThat(positions(first)).hasSameSizeAs(positions(second));
                assertThat(reads(second.received)).isGreaterThan(2 * ROWS - 1_000);
            }
        }
    }

    private static Set<String> positions(RunningTask task) {
        return task.changes().stream()
                .map(sent -> {
                    PositionHeader header = RunningTask.position(sent);
                    return header.channel().table()
                            + ' '
                            + header.channel().partition()
                            + ' '
                            + header.position()
                            + ' '
                            + header.operation();
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void tablesThatAreTruncatedAndWrittenAnewMeanwhileAreRight() throws Exception {
        ask("first", "public.*");
        try (RunningTask task = started()) {
            int[] steps = {0};
            task.pollUntil(sent -> {
                if (task.received.size() > 5_000 * (steps[0] + 1) && steps[0] < 5) {
                    meanwhile(steps[0]++);
                }
                return isOver(sent, "first");
            });
            task.pollThroughNow(database);
            assertThat(steps[0]).isGreaterThan(3);
            sink.apply(task.received).expectEqual(database, TABLES);
        }
    }

    private void meanwhile(int step) {
        String[] statements = {
            "VACUUM FULL accounts",
            "DELETE FROM accounts WHERE id < 1000",
            "CLUSTER accounts USING accounts_pkey",
            "TRUNCATE accounts",
            "INSERT INTO accounts SELECT i, 'new' FROM generate_series(1, 500) i"
        };
        try {
            LedgerServer.execute(database, statements[step]);
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The server does not send them with the update, and nothing before it had them. */
    @Test
    void largeValuesOfRowsThatAreUpdatedMeanwhileAreThere() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE notes (id int PRIMARY KEY, seen int, v text)",
                "ALTER TABLE notes ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO notes SELECT i, 0, repeat('long', 1000) FROM generate_series(1, 3000) i");
        ask("first", "public.notes");
        try (RunningTask task = started()) {
            task.pollUntil(any -> true);
            for (int i = 0; i < 3; i++) {
                LedgerServer.execute(database, "UPDATE notes SET seen = seen + 1");
            }
            pollToTheEnd(task, "first");
            sink.apply(task.received).expectEqual(database, "public.notes");
        }
    }

    /** As Debezium's signals are written. */
    @Test
    void isAskedForAndStoppedBySignals() throws Exception {
        LedgerServer.execute(database, "CREATE TABLE signals (id text PRIMARY KEY, type text, data text)");
        settings.put("signal.data.collection", "public.signals");
        try (RunningTask task = started()) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "INSERT INTO signals VALUES ('one', 'execute-snapshot', '{\"data-collections\":"
                            + " [\"public.acc.*\"], \"type\": \"incremental\", \"additional-conditions\":"
                            + " [{\"data-collection\": \"public.accounts\", \"filter\": \"id <= 1000\"}]}')");
            pollToTheEnd(task, "one");
            assertThat(reads(task.received)).isEqualTo(ROWS); // the filter names another collection
            LedgerServer.execute(
                    database,
                    "INSERT INTO signals VALUES ('two', 'execute-snapshot', '{\"data-collections\":"
                            + " [\"public.accounts\"], \"additional-conditions\":"
                            + " [{\"data-collection\": \"public.accounts\", \"filter\": \"id <= 1000\"}]}')");
            pollToTheEnd(task, "two");
            assertThat(reads(task.received)).isEqualTo(ROWS + 1000);
            LedgerServer.execute(
                    database,
                    "INSERT INTO signals VALUES ('three', 'execute-snapshot', '{\"data-collections\":"
                            + " [\"public.entries\"]}'), ('four', 'stop-snapshot', '')");
            pollToTheEnd(task, "three");
            assertThat(reads(task.received)).isEqualTo(ROWS + 1000);
        }
    }

    @Test
    void tablesThatAreAddedToTheCaptureAreRead() throws Exception {
        settings.put("snapshot.mode", "initial");
        settings.put("table.include.list", "public.accounts");
        LedgerServer.execute(
                database,
                "CREATE PUBLICATION ledger_connect FOR TABLE accounts WITH (publish_via_partition_root = true)");
        List<SourceRecord> kept = new ArrayList<>();
        try (RunningTask task = started()) {
            task.store(task.pollThroughNowAndOn(database));
            kept.addAll(task.received);
        }
        LedgerServer.execute(database, "UPDATE entries SET v = 'before' WHERE id < 100");
        LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect ADD TABLE entries");
        settings.put("table.include.list", "public.accounts,public.entries");
        try (RunningTask task = started()) {
            try (Writers writers = new Writers(database, 2, 13, TABLES)) {
                task.pollUntil(sent ->
                        isOver(sent, "added+to+" + settings.get("slot.name") + "+at+") && writers.commits() > 100);
            }
            task.pollThroughNow(database);
            kept.addAll(task.received);
            task.store(task.received.get(task.received.size() - 1));
        }
        sink.apply(kept).expectEqual(database, TABLES);
        try (RunningTask task = started()) {
            task.pollThroughNow(database);
            assertThat(reads(task.received)).isZero();
        }
    }

    @Test
    void passesByWhatOthersWrote() throws Exception {
        try (RunningTask task = started()) {
            task.pollUntil(any -> true);
            String log = Logged.during(() -> {
                LedgerServer.execute(
                        database,
                        "SELECT pg_logical_emit_message(true, 'ledger-connect requested "
                                + settings.getOrDefault("publication.name", "ledger_connect")
                                + "', decode(repeat('00', 100), 'hex'))",
                        "INSERT INTO accounts VALUES (0, 'real')");
                task.pollThroughNow(database);
            });
            assertThat(log).contains("is passed by: it is not signed with the key of this connector");
            assertThat(task.changes()).hasSize(1);
        }
    }

    @Test
    void saysWhyItGivesUp() throws Exception {
        ask("first", "public.*");
        settings.put("snapshot.request.condition.public.entries", "1 / (id - 20000) < 2");
        String log = Logged.during(() -> {
            try (RunningTask task = started()) {
                pollToTheEnd(task, "first");
                assertThat(reads(task.received)).isEqualTo(ROWS);
            }
        });
        assertThat(log)
                .contains("The snapshot 'first' that was asked for is given up at table public.entries")
                .contains("division by zero");
    }
}
