package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.PositionHeader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A first snapshot that is interrupted is gone on with where it was, whatever was changed meanwhile. */
class SnapshotResumedTest {
    private static final int ROWS = 40_000;
    private static final String[] TABLES = {"public.accounts", "public.entries"};

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private final AppliedRows sink = new AppliedRows();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void fill() throws Exception {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "ALTER TABLE accounts ALTER v SET STORAGE EXTERNAL",
                "CREATE TABLE entries (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                "CREATE TABLE entries1 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE entries2 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO accounts SELECT i, 'v' FROM generate_series(1, " + ROWS + ") i",
                "INSERT INTO entries SELECT i, 'v' FROM generate_series(1, " + ROWS + ") i");
    }

    /** Reads so many records of the snapshot and stores the offset of the last; the worker is gone after it. */
    private List<SourceRecord> interruptedAfter(int records) throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(any -> task.received.size() >= records);
            task.store(task.received.get(task.received.size() - 1));
            return task.received;
        }
    }

    private List<SourceRecord> goneOnWith() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollThroughNow(database);
            return task.received;
        }
    }

    private static long reads(List<SourceRecord> records) {
        return records.stream()
                .filter(sent -> !RunningTask.isWatermark(sent)
                        && RunningTask.operation(sent).equals("r"))
                .count();
    }

    @Test
    void goesOnWhereItWas() throws Exception {
        List<SourceRecord> first = interruptedAfter(30_000);
        sink.apply(first).apply(goneOnWith());
        sink.expectEqual(database, TABLES);
        assertThat(sink.reads).isEqualTo(2 * ROWS);
        assertThat(sink.repeats).as("rows that were read again").isLessThan(ROWS / 2);
    }

    @Test
    void rowsThatChangedMeanwhileComeAsChanges() throws Exception {
        List<SourceRecord> first = interruptedAfter(10_000);
        LedgerServer.execute(
                database,
                "UPDATE accounts SET v = 'changed' WHERE id % 3 = 0",
                "UPDATE accounts SET id = id + 1000000 WHERE id % 7 = 0",
                "DELETE FROM accounts WHERE id % 11 = 0",
                "INSERT INTO entries SELECT i, 'new' FROM generate_series(" + (ROWS + 1) + ", " + (ROWS + 5000) + ") i",
                "BEGIN; UPDATE entries SET v = 'never' WHERE id % 5 = 0; ROLLBACK",
                "BEGIN; SAVEPOINT a; UPDATE entries SET v = 'in a savepoint' WHERE id % 13 = 0; RELEASE a; COMMIT",
                "VACUUM FREEZE accounts",
                "INSERT INTO accounts SELECT i, 'at the place of another' FROM generate_series(2000000, 2005000) i");
        sink.apply(first).apply(goneOnWith());
        sink.expectEqual(database, TABLES);
    }

    @Test
    void interruptedAgainAndAgainUnderLoad() throws Exception {
        Random random = new Random(42);
        settings.put("snapshot.max.threads", "3");
        try (Writers writers = new Writers(database, 2, 5, TABLES)) {
            for (int i = 0; i < 6; i++) {
                try (RunningTask task = new RunningTask(settings, offsets)) {
                    int most = 1 + random.nextInt(20_000);
                    long commits = writers.commits();
                    task.pollUntil(any -> task.received.size() >= most && writers.commits() > commits + 20);
                    int stored = random.nextInt(task.received.size());
                    SourceRecord last = task.received.get(stored);
                    // What came after it may have been lost, but for what a partition has in its order.
                    int lost = stored + 1 + random.nextInt(task.received.size() - stored);
                    task.store(last);
                    sink.apply(task.received.subList(0, lost));
                }
            }
        }
        sink.apply(goneOnWith());
        sink.expectEqual(database, TABLES);
    }

    @Test
    void isNotCompleteBeforeTheRowsThatWereLeftToTheirChangesAreThere() throws Exception {
        List<SourceRecord> first = interruptedAfter(10_000);
        LedgerServer.execute(database, "UPDATE accounts SET v = 'changed' WHERE id > 30000");
        Set<Integer> known = new HashSet<>();
        for (SourceRecord sent :
                Stream.concat(first.stream(), goneOnWith().stream()).toList()) {
            if (RunningTask.isWatermark(sent)) {
                assertThat(known).as("accounts at the first watermark").hasSize(ROWS);
                return;
            }
            if (sent.topic().endsWith("accounts")) {
                known.add(RunningTask.key(sent).getInt32("id"));
            }
        }
        throw new AssertionError("no watermark came");
    }

    /** Nobody could complete an update of a row that was never sent. */
    @Test
    void rowsThatChangedAndAreGoneBeginWithTheirChange() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE notes (id int PRIMARY KEY, seen int, v text)",
                "ALTER TABLE notes ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO notes SELECT i, 0, repeat('long', 1000) FROM generate_series(1, 1000) i");
        interruptedAfter(10);
        LedgerServer.execute(database, "UPDATE notes SET seen = 1 WHERE id < 500", "DELETE FROM notes WHERE id < 500");
        assertThat(goneOnWith())
                .filteredOn(sent -> sent.topic().endsWith("notes") && sent.value() != null)
                .filteredOn(sent -> RunningTask.key(sent).getInt32("id") < 500)
                .extracting(RunningTask::operation)
                .containsOnly("c", "d")
                .hasSize(2 * 499);
    }

    @Test
    void isBegunAnewWhereDeletesAreSkipped() throws Exception {
        settings.put("skipped.operations", "d");
        List<SourceRecord> first = interruptedAfter(10_000);
        LedgerServer.execute(database, "DELETE FROM accounts WHERE id > 30000");
        assertThat(streams(goneOnWith())).doesNotContainAnyElementsOf(streams(first));
    }

    @Test
    void notesOfAnotherSlotAreNotItsOwn() throws Exception {
        List<SourceRecord> first = interruptedAfter(30_000);
        Map<String, String> other = new HashMap<>(settings);
        other.put("slot.name", settings.get("slot.name") + "_other");
        other.put("name", "other");
        try (RunningTask task = new RunningTask(other)) {
            task.pollThroughNow(database);
        }
        sink.apply(first).apply(goneOnWith());
        sink.expectEqual(database, TABLES);
        assertThat(sink.repeats).as("rows that were read again").isLessThan(ROWS / 2);
    }

    @Test
    void aLeafWithPoliciesOfItsOwnIsReadThroughItsRoot() throws Exception {
        LedgerServer.execute(
                database,
                "ALTER TABLE entries1 ENABLE ROW LEVEL SECURITY",
                "CREATE PUBLICATION rooted FOR TABLE entries WITH (publish_via_partition_root = true)",
                "CREATE ROLE " + database + "_role LOGIN REPLICATION PASSWORD 'role'",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + database + "_role",
                "GRANT USAGE ON SCHEMA public TO " + database + "_role");
        settings.put("table.include.list", "public.entries");
        settings.put("database.user", database + "_role");
        settings.put("database.password", "role");
        settings.put("publication.name", "rooted");
        settings.put("publication.autocreate.mode", "disabled");
        sink.apply(goneOnWith());
        sink.expectEqual(database, "public.entries");
    }

    /** Under another key, and under the same: the server does not send what did not change. */
    @Test
    void largeValuesOfRowsThatChangedMeanwhileAreThere() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE notes (id int PRIMARY KEY, seen int, v text)",
                "ALTER TABLE notes ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO notes SELECT i, 0, repeat('long', 1000) FROM generate_series(1, 1000) i");
        List<SourceRecord> first = interruptedAfter(10);
        LedgerServer.execute(database, "UPDATE notes SET seen = 1");
        List<SourceRecord> second = goneOnWith();
        sink.apply(first).apply(second);
        sink.expectEqual(database, "public.notes");
        assertThat(second).noneMatch(sent -> sent.headers().lastWithName("ledger.absent") != null);
    }

    @Test
    void truncatedMeanwhileIsBegunAnew() throws Exception {
        List<SourceRecord> first = interruptedAfter(10_000);
        LedgerServer.execute(
                database, "TRUNCATE accounts", "INSERT INTO accounts SELECT i, 'new' FROM generate_series(1, 10) i");
        String log = Logged.during(() -> {
            List<SourceRecord> second = goneOnWith();
            assertThat(streams(second)).doesNotContainAnyElementsOf(streams(first));
            new AppliedRows().apply(second).expectEqual(database, TABLES);
        });
        assertThat(log).contains("is begun anew, as of now: tables or partitions came, went, were truncated");
    }

    /** In a table that was not read yet, behind the back of the snapshot: it would find it empty. */
    @Test
    void truncatedWhileItIsReadIsBegunAnew() throws Exception {
        String log = Logged.during(() -> {
            try (RunningTask task = new RunningTask(settings, offsets)) {
                task.pollUntil(any -> true);
                LedgerServer.execute(
                        database,
                        "TRUNCATE entries",
                        "INSERT INTO entries SELECT i, 'new' FROM generate_series(1, 10) i");
                task.pollThroughNow(database);
                String last = streams(task.received).get(streams(task.received).size() - 1);
                new AppliedRows()
                        .apply(task.received.stream()
                                .filter(sent -> streams(List.of(sent)).contains(last) || RunningTask.isWatermark(sent))
                                .toList())
                        .expectEqual(database, TABLES);
            }
        });
        assertThat(log)
                .contains(
                        "The snapshot is begun anew, as of now: table public.entries was truncated, dropped or written"
                                + " anew");
    }

    private static List<String> streams(List<SourceRecord> records) {
        return records.stream()
                .filter(sent -> !RunningTask.isWatermark(sent))
                .map(RunningTask::position)
                .map(PositionHeader::channel)
                .map(channel -> channel.stream())
                .distinct()
                .toList();
    }

    @Test
    void isBegunAnewUnderOtherSettings() throws Exception {
        List<SourceRecord> first = interruptedAfter(10_000);
        settings.put("topic.creation.default.partitions", "5");
        List<SourceRecord> second = goneOnWith();
        assertThat(streams(second)).doesNotContainAnyElementsOf(streams(first));
        assertThat(reads(second)).isEqualTo(2 * ROWS);
    }

    /** Connect may not have stored an offset yet. */
    @Test
    void goesOnWhereTheLedgersWalSaysThatKafkaHasIt() throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            task.pollUntil(any -> true);
            long end = System.nanoTime() + 5_000_000_000L;
            pollSlowly(task, () -> {}, any -> System.nanoTime() > end);
            sink.apply(task.received);
        }
        assertThat(offsets).isEmpty();
        List<SourceRecord> second = goneOnWith();
        sink.apply(second);
        sink.expectEqual(database, TABLES);
        assertThat(reads(second)).isLessThan(2 * ROWS);
    }

    private interface Look {
        void look();
    }

    /** A batch every 200 ms, with a look at something before it is taken. */
    private static void pollSlowly(RunningTask task, Look look, Predicate<SourceRecord> wanted)
            throws InterruptedException {
        int[] size = {0};
        task.pollUntil(sent -> {
            if (task.received.size() > size[0]) {
                size[0] = task.received.size();
                look.look();
                LockSupport.parkNanos(200_000_000);
            }
            return wanted.test(sent);
        });
    }

    /** When those began that read the snapshot now, by two connections. */
    private List<String> transactionsOfReaders() {
        try (Connection connection = LedgerServer.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT DISTINCT xact_start::text FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND query LIKE 'COPY (SELECT %' AND xact_start IS NOT NULL")) {
            List<String> begun = new ArrayList<>();
            while (row.next()) {
                begun.add(row.getString(1));
            }
            return begun;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void holdsNoTransactionForLong() throws Exception {
        settings.put("snapshot.transaction.max.ms", "1000");
        Set<String> transactions = new HashSet<>();
        try (RunningTask task = new RunningTask(settings, offsets)) {
            try (Writers writers = new Writers(database, 2, 5, TABLES)) {
                pollSlowly(task, () -> transactions.addAll(transactionsOfReaders()), RunningTask::isWatermark);
                assertThat(writers.commits()).isPositive();
            }
            task.pollThroughNow(database);
            sink.apply(task.received);
        }
        sink.expectEqual(database, TABLES);
        assertThat(sink.repeats).isZero();
        assertThat(transactions).as("transactions that read").hasSizeGreaterThan(2);
    }

    @Test
    void columnsThatGoBetweenTwoTransactionsDoNotEndIt() throws Exception {
        settings.put("snapshot.transaction.max.ms", "1000");
        LedgerServer.execute(database, "ALTER TABLE entries ADD w text, ADD x text DEFAULT 'x'");
        List<CompletableFuture<Void>> altered = new ArrayList<>();
        String log = Logged.during(() -> readWhileAltered(altered));
        assertThat(log).contains("a captured table was altered while the snapshot read it");
    }

    private void readWhileAltered(List<CompletableFuture<Void>> altered) throws Exception {
        try (RunningTask task = new RunningTask(settings, offsets)) {
            pollSlowly(
                    task,
                    () -> {
                        if (altered.isEmpty()) {
                            altered.add(CompletableFuture.runAsync(this::alterEntries));
                        }
                    },
                    RunningTask::isWatermark);
            altered.get(0).join();
            LedgerServer.execute(database, "INSERT INTO entries VALUES (0, 'v', 'after')");
            task.pollThroughNow(database);
            Sequences.expectWhole(task.received);
            assertThat(task.changes().stream()
                            .filter(change -> change.topic().endsWith(".entries"))
                            .map(change -> RunningTask.key(change).getInt32("id"))
                            .distinct())
                    .hasSize(ROWS + 1);
            Struct last = RunningTask.after(task.changes().get(task.changes().size() - 1));
            assertThat(last.schema().field("w")).isNull();
            assertThat(last.getString("y")).isEqualTo("after");
        }
    }

    private void alterEntries() {
        try {
            LedgerServer.execute(database, "ALTER TABLE entries DROP w", "ALTER TABLE entries RENAME x TO y");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
