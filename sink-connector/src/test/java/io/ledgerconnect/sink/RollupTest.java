package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums over the rows of {@code transfers}, grouped by their note. */
class RollupTest {
    private static final String ROLLUP = "table.transfers.rollup";
    private static final String NOTES = "SELECT note, n, total, least, most, latest FROM reporting.notes ORDER BY note";
    private static final String ALL = "SELECT sum(count), sum(total) FROM reporting.all_transfers";
    private static final List<String> NOTHING = List.of();

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>(
                Map.of(
                        ROLLUP,
                        "notes",
                        ROLLUP + ".notes.table",
                        "notes",
                        ROLLUP + ".notes.by",
                        "note",
                        ROLLUP + ".notes.columns",
                        "count(*) as n, sum(amount) as total, min(amount) as least, max(amount) as most, last(amount) as latest"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        settings.values().removeIf(String::isEmpty);
        return settings;
    }

    private RunningSink sink(String... more) {
        return new RunningSink(store, topics, settings(more));
    }

    private void drain(String... more) {
        try (RunningSink sink = sink(more)) {
            sink.drain();
        }
    }

    /** Settings of a sink with some of the rollups {@code notes} and {@code all}. */
    private static String[] with(String rollups, String... more) {
        List<String> settings = new ArrayList<>(List.of(ROLLUP, rollups));
        if (rollups.contains("all")) {
            settings.addAll(List.of(ROLLUP + ".all.table", "all_transfers", ROLLUP + ".all.by", "_committed_at"));
            settings.addAll(List.of(ROLLUP + ".all.columns", "count(*), sum(amount) as total"));
        }
        if (!rollups.contains("notes")) {
            List.of("table", "by", "columns")
                    .forEach(setting -> settings.addAll(List.of(ROLLUP + ".notes." + setting, "")));
        }
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    private void write(Operation operation, long id, Long amount, String note) {
        source.write(operation, id, amount, note);
    }

    /** What the rows come to when they are read. */
    private List<String> summedUp(String which) {
        return store.rows("SELECT note, count(*), coalesce(sum(amount), 0), min(amount), max(amount),"
                + " (array_agg(amount ORDER BY _lsn DESC, _ordinal DESC))[1] FROM reporting.transfers"
                + (which.isEmpty() ? "" : " WHERE " + which) + " GROUP BY note ORDER BY note");
    }

    private List<String> allSummedUp(String which) {
        return store.rows(
                "SELECT count(*), sum(amount) FROM reporting.transfers" + (which.isEmpty() ? "" : " WHERE " + which));
    }

    private static String counting(String mode) {
        return switch (mode) {
            case "append" -> "_op IN ('r', 'c')";
            case "history" -> "_until_lsn IS NULL";
            default -> "";
        };
    }

    @Test
    void groupsFollowTheirRows() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        write(Operation.CREATE, 2, 20L, "a");
        write(Operation.CREATE, 3, 30L, "b");
        write(Operation.CREATE, 4, null, null);
        drain();
        assertThat(store.rows(NOTES)).containsExactly("a|2|30|10|20|20", "b|1|30|30|30|30", "|1|0|||");
        source.transaction(0x300);
        write(Operation.UPDATE, 1, 40L, "a");
        write(Operation.UPDATE, 2, 20L, "b");
        source.delete(3);
        write(Operation.UPDATE, 4, 5L, null);
        drain();
        assertThat(store.rows(NOTES)).containsExactly("a|1|40|40|40|40", "b|1|20|20|20|20", "|1|5|5|5|5");
        source.transaction(0x400).delete(1);
        source.delete(4);
        drain();
        assertThat(store.rows(NOTES)).as("groups without rows are gone").containsExactly("b|1|20|20|20|20");
        source.transaction(0x500).truncate("transfers", 0);
        drain();
        assertThat(store.rows(NOTES)).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @CsvSource({
        "upsert,1,notes",
        "upsert,7,notes",
        "append,7,notes",
        "history,1,notes",
        "history,7,notes",
        "history,1000,notes",
        "upsert,7,all",
        "append,7,all",
        "history,7,all"
    })
    void isWhatTheRowsComeToAfterRandomChanges(String mode, int batch, String rollups) {
        source.transaction(0x180);
        write(Operation.CREATE, 1000, 10L, "a");
        drain("table.transfers.mode", mode);
        Random random = new Random(batch);
        Map<Long, String> there = new HashMap<>();
        String[] notes = {"a", "b", "c", null};
        for (int transaction = 0; transaction < 80; transaction++) {
            source.transaction(0x200 + transaction * 0x10L);
            for (int i = random.nextInt(6); i >= 0; i--) {
                long id = random.nextInt(25);
                Long amount = random.nextInt(10) == 0 ? null : (long) random.nextInt(20) - 10;
                String note = notes[random.nextInt(notes.length)];
                if (!there.containsKey(id)) {
                    write(Operation.CREATE, id, amount, note);
                    there.put(id, note);
                } else if (random.nextInt(3) == 0) {
                    source.delete(id);
                    there.remove(id);
                } else {
                    write(Operation.UPDATE, id, amount, note);
                }
            }
        }
        String[] settings = with(rollups, "table.transfers.mode", mode, "max.batch.rows", String.valueOf(batch));
        try (RunningSink sink = sink(settings)) {
            sink.pollRecords(13).drain();
        }
        assertThat(store.rows(NOTES)).isEqualTo(summedUp(counting(mode))).isNotEmpty();
    }

    @Test
    void replaysChangeNothing() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        SinkRecord second = source.write(Operation.CREATE, 2, 20L, "a");
        drain();
        List<String> before = store.rows(NOTES);
        topics.repeat(second);
        drain();
        assertThat(store.rows(NOTES)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "history"})
    void severalTasksAddUp(String mode) throws Exception {
        writeToThreePartitions();
        drainTwoTasks(mode, "notes", "notes");
        assertThat(store.rows(NOTES)).isEqualTo(summedUp(counting(mode))).hasSize(4);
    }

    /** The other task's transactions fold it at each statement, in whatever order the statements come. */
    @ParameterizedTest
    @ValueSource(strings = {"upsert", "history"})
    void tasksOfTwoSinksAddUpWhereOneDoesNotHaveTheRollupSet(String mode) throws Exception {
        source.transaction(0x100).write("transfers", 0, Operation.CREATE, 1000L, 1L, "note 0");
        drain(with("notes, all", "table.transfers.mode", mode));
        writeToThreePartitions();
        drainTwoTasks(mode, "notes, all", "all");
        assertThat(store.rows(NOTES)).isEqualTo(summedUp(counting(mode))).hasSize(4);
        assertThat(store.rows(ALL)).isEqualTo(allSummedUp(counting(mode)));
    }

    private void writeToThreePartitions() {
        for (int transaction = 0; transaction < 60; transaction++) {
            source.transaction(0x200 + transaction * 0x10L);
            for (int partition = 0; partition < 3; partition++) {
                long id = partition * 100L + transaction % 10;
                source.write(
                        "transfers",
                        partition,
                        transaction < 10 ? Operation.CREATE : Operation.UPDATE,
                        id,
                        (long) transaction * (partition + 1) % 17,
                        "note " + transaction % 4);
            }
        }
    }

    private void drainTwoTasks(String mode, String... rollups) throws Exception {
        List<CompletableFuture<Void>> tasks = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            int own = task;
            tasks.add(CompletableFuture.runAsync(() -> {
                try (RunningSink sink = sink(with(rollups[own], "table.transfers.mode", mode, "max.batch.rows", "3"))) {
                    sink.reading(partitions -> partitions.stream()
                                    .filter(partition -> partition.partition() % 2 == own)
                                    .toList())
                            .pollRecords(3)
                            .drain();
                }
            }));
        }
        for (CompletableFuture<Void> task : tasks) {
            task.get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append", "history"})
    void isKeptUpAfterItWasTakenOutOfTheSettings(String mode) {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        write(Operation.CREATE, 2, 20L, "b");
        drain(with("notes, all", "table.transfers.mode", mode));
        source.transaction(0x300);
        write(Operation.UPDATE, 1, 15L, "b");
        write(Operation.CREATE, 3, 30L, "a");
        source.transaction(0x400).delete(2);
        write(Operation.CREATE, 4, 40L, "c");
        drain(with("all", "table.transfers.mode", mode));
        assertThat(store.rows(NOTES)).isEqualTo(summedUp(counting(mode))).hasSizeGreaterThan(1);
        assertThat(store.rows(ALL)).isEqualTo(allSummedUp(counting(mode)));
        source.transaction(0x500).truncate("transfers", 0);
        write(Operation.CREATE, 5, 50L, "d");
        drain(with("all", "table.transfers.mode", mode));
        assertThat(store.rows(NOTES)).isEqualTo(summedUp(counting(mode))).contains("d|1|50|50|50|50");
        source.transaction(0x600);
        write(Operation.CREATE, 6, 60L, "d");
        drain(with("notes, all", "table.transfers.mode", mode));
        assertThat(store.rows(NOTES)).as("set again").contains("d|2|110|50|60|60");
    }

    @Test
    void isKeptUpByASinkThatNeverHadItSet() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        try (RunningSink one = sink(with("notes"));
                RunningSink other = sink(with("all"))) {
            one.drain();
            for (int transaction = 3; transaction < 9; transaction++) {
                source.transaction(transaction * 0x100L);
                write(Operation.CREATE, transaction, 10L * transaction, "a");
                write(Operation.UPDATE, 1, (long) transaction, transaction % 2 == 0 ? "a" : "b");
                (transaction % 2 == 0 ? one : other).drain();
                assertThat(store.rows(NOTES)).isEqualTo(summedUp(""));
                assertThat(store.rows(ALL)).isEqualTo(allSummedUp(""));
            }
        }
    }

    /** As docs/rollups.md says. */
    @Test
    void isEndedByWhatTheDocumentSays() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        drain(with("notes, all"));
        List<String> functions =
                store.rows("SELECT proname FROM pg_proc WHERE prosrc LIKE '%\"reporting\".\"notes\"%'");
        assertThat(functions).hasSize(3);
        String id = functions.get(0).split("_")[1];
        store.execute("BEGIN; DROP FUNCTION ledger_connect.rollup_ID_stage CASCADE;".replace("ID", id)
                + " DROP FUNCTION ledger_connect.rollup_ID_fold, ledger_connect.rollup_ID_fill;".replace("ID", id)
                + " DELETE FROM ledger_connect.rollup WHERE target = '\"reporting\".\"transfers\"' AND name = 'notes';"
                + " DROP TABLE reporting.notes; COMMIT");
        source.transaction(0x300);
        write(Operation.CREATE, 2, 20L, "a");
        drain(with("all"));
        assertThat(store.rows(ALL)).containsExactly("2|30");
        source.transaction(0x400);
        write(Operation.CREATE, 3, 30L, "a");
        drain(with("notes, all"));
        assertThat(store.rows(NOTES)).as("set again").containsExactly("a|3|60|10|30|30");
    }

    @Test
    void refusedRowsAreNotSummedUpAfterItWasTakenOutOfTheSettings() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        drain(with("notes, all"));
        store.execute("ALTER TABLE reporting.transfers ADD CHECK (amount < 100)");
        source.transaction(0x300);
        write(Operation.CREATE, 2, 200L, "a");
        write(Operation.CREATE, 3, 30L, "a");
        drain(with("all", "errors.tolerance", "all"));
        assertThat(store.rows(NOTES)).containsExactly("a|2|40|10|30|30");
        assertThat(store.rows(ALL)).containsExactly("2|40");
    }

    /** A group's number is made of texts. */
    @Test
    void groupsAreTheSameWhateverTheSessionSetsForTexts() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        String[] session = {
            "connection.url",
            store.url() + "?options=-c%20bytea_output=escape",
            "table.transfers.compute.raw",
            "decode(md5(note), 'hex')"
        };
        RunningSink.drain(store, topics, session);
        source.transaction(0x300);
        write(Operation.CREATE, 2, 20L, "a");
        List<String> settings = new ArrayList<>(List.of(session));
        settings.addAll(List.of(ROLLUP + ".notes.by", "raw"));
        drain(settings.toArray(String[]::new));
        assertThat(store.rows("SELECT n, total FROM reporting.notes")).containsExactly("2|30");
    }

    @Test
    void statementsByHandCountToo() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        write(Operation.CREATE, 2, 20L, "a");
        drain();
        store.execute("UPDATE reporting.transfers SET amount = 11 WHERE id = 1;"
                + " UPDATE reporting.transfers SET note = 'b' WHERE id = 2");
        assertThat(store.rows(NOTES)).containsExactly("a|1|11|11|11|11", "b|1|20|20|20|20");
        store.execute("DELETE FROM reporting.transfers WHERE id = 2");
        assertThat(store.rows(NOTES)).containsExactly("a|1|11|11|11|11");
        store.execute("TRUNCATE reporting.transfers");
        assertThat(store.rows(NOTES)).isEmpty();
    }

    /** Its triggers fire one after the other, when all of it is done. */
    @Test
    void statementThatInsertsAndUpdatesCountsOnce() {
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY,"
                + " amount numeric, note text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz)");
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        write(Operation.CREATE, 2, 20L, "a");
        drain();
        String upsert =
                "INSERT INTO reporting.transfers VALUES %s ON CONFLICT (id) DO UPDATE SET (amount, note, _lsn, _ordinal)"
                        + " = (excluded.amount, excluded.note, excluded._lsn, excluded._ordinal)";
        store.execute(upsert.formatted("(1, 5, 'b', '0/300', 1, now()), (3, 30, 'a', '0/300', 2, now())"));
        assertThat(store.rows(NOTES)).isEqualTo(summedUp("")).contains("a|2|50|20|30|30");
        store.execute(upsert.formatted("(2, 'NaN', 'a', '0/400', 1, now()), (4, 40, 'a', '0/400', 2, now())"));
        assertThat(store.rows(NOTES)).isEqualTo(summedUp("")).contains("a|3|NaN|30|NaN|40");
        store.execute(upsert.formatted("(2, 2, 'a', '0/500', 1, now()), (5, 50, 'a', '0/500', 2, now())"));
        assertThat(store.rows(NOTES)).isEqualTo(summedUp("")).contains("a|4|122|2|50|50");
        store.execute("WITH gone AS (DELETE FROM reporting.transfers WHERE id IN (2, 3)), more AS ("
                + upsert.formatted("(5, 'Infinity', 'a', '0/600', 1, now()), (6, 60, 'a', '0/600', 2, now())")
                + ") UPDATE reporting.transfers SET note = 'a' WHERE id = 1");
        assertThat(store.rows(NOTES)).isEqualTo(summedUp("")).hasSize(1);
    }

    @Test
    void rowsThatWereThereBeforeAreSummedUpToo() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        RunningSink.drain(store, topics);
        source.transaction(0x300);
        write(Operation.CREATE, 2, 20L, "a");
        drain();
        assertThat(store.rows(NOTES)).containsExactly("a|2|30|10|20|20");
    }

    @Test
    void isMadeAnewWhenItIsSetOtherwise() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        write(Operation.CREATE, 2, -20L, "a");
        drain();
        source.transaction(0x300);
        write(Operation.CREATE, 3, 30L, "a");
        drain(ROLLUP + ".notes.where", "amount > 0");
        assertThat(store.rows(NOTES)).containsExactly("a|2|40|10|30|30");
        source.transaction(0x400);
        write(Operation.UPDATE, 1, -1L, "a");
        drain(ROLLUP + ".notes.where", "amount > 0");
        assertThat(store.rows(NOTES)).containsExactly("a|1|30|30|30|30");
    }

    @Test
    void tableOfAnotherIsNotTaken() {
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.notes (note text)");
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("reporting.notes is there already")
                .hasMessageContaining("DROP TABLE \"reporting\".\"notes\"");
    }

    /** Midnight in Seoul is 15:00 UTC; 1790000000 is 2026-09-21 13:33:20 UTC, 22:33:20 in Seoul. */
    @Test
    void daysAreThoseOfAClock() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        drain(
                ROLLUP + ".notes.by", "day(_committed_at, Asia/Seoul), hour(_committed_at, UTC) as hour",
                ROLLUP + ".notes.columns", "count(*)");
        assertThat(store.rows("SELECT day, hour AT TIME ZONE 'UTC', count FROM reporting.notes"))
                .containsExactly("2026-09-21|2026-09-21 14:00:00|1");
        assertThat(store.rows("SELECT (_committed_at AT TIME ZONE 'Asia/Seoul')::date FROM reporting.transfers"))
                .containsExactly("2026-09-21");
    }

    @Test
    void enrichedColumnsAreSummedUpAsTheyAreCorrected() {
        source.transaction(0x200).write("accounts", 0, Operation.CREATE, 7, null, "Kim");
        source.transaction(0x300).insert(1, 7);
        source.insert(2, 8);
        try (RunningSink sink = sink(
                "table.accounts.mode",
                "history",
                "table.transfers.enrich",
                "account",
                "table.transfers.enrich.account.table",
                "accounts",
                "table.transfers.enrich.account.on",
                "amount = id",
                "table.transfers.enrich.account.columns",
                "note as owner",
                ROLLUP + ".notes.by",
                "owner",
                ROLLUP + ".notes.columns",
                "count(*), sum(amount) as total")) {
            sink.reading(partitions -> only("transfers", partitions)).drain();
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows("SELECT owner, count, total FROM reporting.notes ORDER BY owner"))
                .containsExactly("Kim|1|7", "|1|8");
    }

    private static List<TopicPartition> only(String table, List<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> partition.topic().equals(FakeSource.topic(table)))
                .toList();
    }

    @Test
    void refusedRowsAreNotSummedUp() {
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY,"
                        + " amount bigint CHECK (amount < 100), note text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz)");
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        write(Operation.CREATE, 2, 200L, "a");
        write(Operation.CREATE, 3, 30L, "a");
        drain("errors.tolerance", "all");
        assertThat(store.rows(NOTES)).containsExactly("a|2|40|10|30|30");
    }

    @Test
    void numbersThatAreNoneAreLookedUpAgain() {
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY,"
                + " amount numeric, note text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz)");
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        drain();
        store.execute("INSERT INTO reporting.transfers VALUES (2, 'NaN', 'a', '0/1', 1, now())");
        assertThat(store.rows("SELECT total FROM reporting.notes")).containsExactly("NaN");
        store.execute("UPDATE reporting.transfers SET amount = 1.50 WHERE id = 2");
        assertThat(store.rows("SELECT total FROM reporting.notes")).containsExactly("11.5");
        store.execute("DELETE FROM reporting.transfers WHERE id = 2");
        assertThat(store.rows("SELECT total FROM reporting.notes")).containsExactly("10");
    }

    @Test
    void nobodyMakesItRunWhatIsNotItsOwn() {
        source.transaction(0x200);
        write(Operation.CREATE, 1, 10L, "a");
        drain();
        String stage = "pg_temp.ledger_connect_rollup_"
                + store.value("SELECT substr(proname, 8, 16) FROM pg_proc WHERE proname LIKE 'rollup_%_fold' LIMIT 1");
        String fold = stage.replace("pg_temp.ledger_connect_rollup_", "ledger_connect.rollup_") + "_fold()";
        store.execute("DO $$ BEGIN CREATE ROLE mallory; EXCEPTION WHEN duplicate_object THEN END $$");
        store.execute("GRANT USAGE ON SCHEMA ledger_connect TO mallory");
        try {
            assertThatThrownBy(() -> store.execute("SET ROLE mallory; CREATE TEMPORARY VIEW "
                            + stage.substring("pg_temp.".length())
                            + " AS SELECT current_user AS _group; SELECT " + fold))
                    .hasMessageContaining("was not made by the rollup");
        } finally {
            store.execute("REVOKE USAGE ON SCHEMA ledger_connect FROM mallory");
        }
    }
}
