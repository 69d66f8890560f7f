package io.ledgerconnect.source;

import static io.ledgerconnect.source.RunningTask.after;
import static io.ledgerconnect.source.RunningTask.before;
import static io.ledgerconnect.source.RunningTask.key;
import static io.ledgerconnect.source.RunningTask.operation;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that are not a primary key and a few columns. A row of the snapshot and its changes have the same key. */
class TableShapesTest {
    private String database;
    private Map<String, String> settings;
    private Map<String, ?> lastOffset;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
    }

    /** Captures from a snapshot on, through the changes. */
    private List<SourceRecord> capture(String... changes) throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(database, changes);
            List<SourceRecord> received = task.pollThroughNow(database);
            lastOffset = task.received.get(task.received.size() - 1).sourceOffset();
            return received;
        }
    }

    private static List<String> names(Struct struct) {
        return struct.schema().fields().stream().map(Field::name).toList();
    }

    private static List<String> operations(List<SourceRecord> changes) {
        return changes.stream().map(RunningTask::operation).toList();
    }

    /** {@code key → {"id": 7}} of every record that is no tombstone. */
    private static List<String> keys(List<SourceRecord> changes) {
        return changes.stream()
                .filter(change -> change.value() != null)
                .map(change -> names(key(change)).stream()
                        .map(name -> name + "=" + key(change).get(name))
                        .collect(Collectors.joining(",")))
                .toList();
    }

    @Test
    void aKeyDoesNotContainColumnsThatItsIndexMerelyIncludes() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int, owner text, PRIMARY KEY (id) INCLUDE (owner))",
                "INSERT INTO accounts VALUES (1, 'ada')");
        assertThat(keys(capture("UPDATE accounts SET owner = 'bob'", "DELETE FROM accounts")))
                .containsExactly("id=1", "id=1", "id=1");
    }

    @Test
    void typesWithoutABinaryFormAndTypesOfTypesAreText() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TYPE posting AS (amount numeric(10,2), note text)",
                "CREATE TABLE grants (id int PRIMARY KEY, acl aclitem, net inet, line posting, period tstzrange, left_out"
                        + " aclitem)",
                "INSERT INTO grants VALUES (1, 'postgres=r/postgres', '10.0.0.0/8', '(1.5,\"a b\")', '[2026-01-01Z,)')");
        settings.put("column.exclude.list", "public\\.grants\\.left_out");
        for (SourceRecord change : capture("UPDATE grants SET id = id")) {
            assertThat(after(change).getString("acl")).isEqualTo("postgres=r/postgres");
            assertThat(after(change).getString("net")).isEqualTo("10.0.0.0/8");
            assertThat(after(change).getString("line")).isEqualTo("(1.50,\"a b\")");
            assertThat(after(change).getString("period")).isEqualTo("[\"2026-01-01 00:00:00+00\",)");
            assertThat(names(after(change))).doesNotContain("left_out");
        }
    }

    @Test
    void arraysOfAnyDimensionsAreTextWhereAskedFor() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE grids (id int PRIMARY KEY, cells int[], tags text[])",
                "INSERT INTO grids VALUES (1, '{{1,2},{3,NULL}}', '{a,\"b c\"}')");
        settings.put("array.handling.mode", "text");
        List<SourceRecord> changes = capture("UPDATE grids SET cells = '[0:1]={5,6}'");
        assertThat(changes)
                .extracting(change -> after(change).getString("cells"))
                .containsExactly("{{1,2},{3,NULL}}", "[0:1]={5,6}");
        assertThat(changes)
                .extracting(change -> after(change).getString("tags"))
                .containsOnly("{a,\"b c\"}");
        assertThat(after(changes.get(0)).schema().field("cells").schema().parameters())
                .containsEntry("ledger.type", "integer[]");
    }

    @Test
    void theColumnsOfAKeyStandInTheOrderOfTheKey() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (line int, x int, book int, PRIMARY KEY (book, line))",
                "INSERT INTO entries VALUES (1, 0, 7)");
        settings.put("topic.creation.default.partitions", "50");
        List<SourceRecord> changes = capture("UPDATE entries SET x = 1", "UPDATE entries SET line = 2");
        assertThat(keys(changes)).containsExactly("book=7,line=1", "book=7,line=1", "book=7,line=1", "book=7,line=2");
        assertThat(changes.get(1).kafkaPartition())
                .isEqualTo(changes.get(0).kafkaPartition())
                .isEqualTo(changes.get(2).kafkaPartition());
    }

    @Test
    void aReplicaIdentityIndexIsTheKey() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, bic text NOT NULL, iban text NOT NULL)",
                "CREATE UNIQUE INDEX by_iban ON accounts (iban, bic)",
                "ALTER TABLE accounts REPLICA IDENTITY USING INDEX by_iban",
                "INSERT INTO accounts VALUES (1, 'b', 'i')");
        assertThat(keys(capture("UPDATE accounts SET id = 2", "UPDATE accounts SET bic = 'c'", "DELETE FROM accounts")))
                .containsExactly("bic=b,iban=i", "bic=b,iban=i", "bic=b,iban=i", "bic=c,iban=i", "bic=c,iban=i");
    }

    @Test
    void aReplicaIdentityMayBeWiderThanTheKey() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, bic text NOT NULL UNIQUE, owner text)",
                "CREATE UNIQUE INDEX wide ON accounts (bic, id)",
                "ALTER TABLE accounts REPLICA IDENTITY USING INDEX wide",
                "INSERT INTO accounts VALUES (1, 'b', 'ada')");
        List<SourceRecord> changes = capture(
                "UPDATE accounts SET owner = 'bob'",
                "UPDATE accounts SET bic = 'c'",
                "UPDATE accounts SET id = 2",
                "DELETE FROM accounts");
        assertThat(keys(changes)).containsExactly("id=1", "id=1", "id=1", "id=1", "id=2", "id=2");
        assertThat(operations(changes)).containsExactly("r", "u", "u", "d", "tombstone", "c", "d", "tombstone");
        assertThat(before(changes.get(2)).getString("bic")).isEqualTo("b");
        settings.put("slot.name", database + "_by_bic");
        settings.put("message.key.columns", "public.accounts:bic");
        assertThat(keys(capture(
                        "INSERT INTO accounts VALUES (3, 'd', 'eve')",
                        "UPDATE accounts SET id = 4",
                        "UPDATE accounts SET bic = 'e'",
                        "DELETE FROM accounts")))
                .containsExactly("bic=d", "bic=d", "bic=d", "bic=e", "bic=e");
    }

    @Test
    void aFullIdentityTakesItsKeyFromTheSettings() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE journal (line text NOT NULL, book int NOT NULL, note text, UNIQUE (line, book))",
                "ALTER TABLE journal REPLICA IDENTITY FULL",
                "INSERT INTO journal VALUES ('a', 1, 'x')");
        settings.put("message.key.columns", "public.journal:book,line");
        List<SourceRecord> changes =
                capture("UPDATE journal SET note = 'y'", "UPDATE journal SET book = 2", "DELETE FROM journal");
        assertThat(keys(changes))
                .containsExactly("book=1,line=a", "book=1,line=a", "book=1,line=a", "book=2,line=a", "book=2,line=a");
        assertThat(operations(changes)).containsExactly("r", "u", "d", "tombstone", "c", "d", "tombstone");
        assertThat(before(changes.get(1)).getString("note")).isEqualTo("x");
        assertThat(before(changes.get(5)).getString("note")).isEqualTo("y");
    }

    @Test
    void partitionedTablesAreCapturedAsOneTable() throws Exception {
        LedgerServer.requireVersion(15); // 14 goes on publishing a partition that was detached
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE entries1 PARTITION OF entries FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE entries2 (v text, id int PRIMARY KEY)",
                "ALTER TABLE entries ATTACH PARTITION entries2 FOR VALUES FROM (10) TO (20)",
                "INSERT INTO entries VALUES (1, 'a'), (11, 'b')");
        List<SourceRecord> changes = capture(
                "UPDATE entries SET v = 'c'",
                "UPDATE entries SET id = 12 WHERE id = 1",
                "ALTER TABLE entries DETACH PARTITION entries2",
                "UPDATE entries2 SET v = 'unseen'",
                "ALTER TABLE entries ATTACH PARTITION entries2 FOR VALUES FROM (10) TO (20)",
                "DELETE FROM entries WHERE id = 11");
        assertThat(changes).allMatch(change -> change.topic().equals("t.public.entries"));
        assertThat(operations(changes)).containsExactly("r", "r", "u", "u", "d", "tombstone", "c", "d", "tombstone");
        assertThat(after(changes.get(3)).getString("v")).isEqualTo("c");
        assertThat((String) lastOffset.get("sequences"))
                .startsWith("public.entries=")
                .doesNotContain(";");
    }

    @Test
    void columnListsAndRowFiltersOfThePublicationHoldForTheSnapshotToo() throws Exception {
        LedgerServer.requireVersion(15);
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, secret text, owner text)",
                "CREATE PUBLICATION ledger_connect FOR TABLE accounts (id, owner) WHERE (id > 10)",
                "INSERT INTO accounts VALUES (1, 's', 'a'), (11, 's', 'b')");
        List<SourceRecord> changes = capture(
                "UPDATE accounts SET owner = 'c'", "INSERT INTO accounts VALUES (2, 's', 'd'), (12, 's', 'e')",
                "UPDATE accounts SET id = 3 WHERE id = 11", "UPDATE accounts SET id = 13 WHERE id = 2");
        assertThat(keys(changes)).containsExactly("id=11", "id=11", "id=12", "id=11", "id=13");
        assertThat(operations(changes)).containsExactly("r", "u", "c", "d", "tombstone", "c");
        assertThat(names(after(changes.get(0)))).containsExactly("id", "owner");
        assertThat(names(after(changes.get(2)))).containsExactly("id", "owner");
    }

    @Test
    void aKeyColumnThatIsLeftOutStaysInTheKey() throws Exception {
        LedgerServer.execute(
                database, "CREATE TABLE accounts (id int PRIMARY KEY, owner text)", "INSERT INTO accounts VALUES (1)");
        settings.put("column.exclude.list", "public.accounts.id");
        List<SourceRecord> changes = capture("UPDATE accounts SET owner = 'x'", "UPDATE accounts SET id = 2");
        assertThat(keys(changes)).containsExactly("id=1", "id=1", "id=1", "id=2");
        assertThat(names(after(changes.get(0)))).containsExactly("owner");
    }

    @Test
    void aKeyThatIsStoredOutOfLineIsKnownInEveryUpdate() throws Exception {
        String longText = "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 70) i)";
        LedgerServer.execute(
                database,
                "CREATE TABLE notes (book int, id text, seen int, PRIMARY KEY (book, id))",
                "ALTER TABLE notes ALTER id SET STORAGE EXTERNAL",
                "ALTER TABLE notes SET (toast_tuple_target = 128)",
                "INSERT INTO notes VALUES (1, " + longText + ", 0)");
        settings.put("topic.creation.default.partitions", "50");
        List<SourceRecord> changes = capture("UPDATE notes SET seen = 1", "UPDATE notes SET book = 2");
        String id = key(changes.get(0)).getString("id");
        assertThat(operations(changes)).containsExactly("r", "u", "d", "tombstone", "c");
        assertThat(changes).allMatch(change -> key(change).getString("id").equals(id));
        assertThat(changes.get(1).kafkaPartition()).isEqualTo(changes.get(0).kafkaPartition());
        for (int i : new int[] {1, 4}) {
            assertThat(after(changes.get(i)).getString("id")).isEqualTo(id);
            assertThat(changes.get(i).headers().lastWithName("ledger.absent")).isNull();
        }
    }

    @Test
    void namesAreTakenAsTheyAre() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE SCHEMA \"My.Ledger\"",
                "CREATE TABLE \"My.Ledger\".\"Big \"\"Book\"\".2024\" (\"Id.1\" int PRIMARY KEY, \"a/b ä\" text)",
                "INSERT INTO \"My.Ledger\".\"Big \"\"Book\"\".2024\" VALUES (1, 'x')");
        List<SourceRecord> changes = capture("UPDATE \"My.Ledger\".\"Big \"\"Book\"\".2024\" SET \"a/b ä\" = 'y'");
        assertThat(keys(changes)).containsExactly("Id.1=1", "Id.1=1");
        assertThat(changes.get(1).topic()).isEqualTo("t.My.Ledger.Big__Book_.2024");
        assertThat(RunningTask.position(changes.get(1)).channel().table()).isEqualTo("My.Ledger.Big \"Book\".2024");
        assertThat(after(changes.get(1)).getString("a/b ä")).isEqualTo("y");
    }

    private void createWithGeneratedColumn() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE a (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, note text)",
                "INSERT INTO a VALUES (1, DEFAULT, 'x')");
    }

    @Test
    void generatedColumnsThatChangesDoNotHaveAreNotInTheSnapshotEither() throws Exception {
        createWithGeneratedColumn();
        LedgerServer.execute(database, "CREATE PUBLICATION ledger_connect FOR TABLE a");
        String log = Logged.during(() -> {
            List<SourceRecord> without = capture("UPDATE a SET note = 'y'");
            assertThat(names(after(without.get(0)))).containsExactly("id", "note");
            assertThat(names(after(without.get(1)))).containsExactly("id", "note");
        });
        assertThat(log).contains("public.a lacks generated columns [twice]");
    }

    @Test
    void generatedColumnsComeWhenThePublicationHasThem() throws Exception {
        LedgerServer.requireVersion(18);
        createWithGeneratedColumn();
        LedgerServer.execute(
                database, "CREATE PUBLICATION ledger_connect FOR TABLE a WITH (publish_generated_columns = stored)");
        List<SourceRecord> with = capture("UPDATE a SET note = 'z'");
        assertThat(after(with.get(0)).getInt32("twice")).isEqualTo(2);
        assertThat(after(with.get(1)).getInt32("twice")).isEqualTo(2);
    }

    @Test
    void tablesMayHaveManyColumns() throws Exception {
        String columns = IntStream.range(1, 300).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(", "));
        LedgerServer.execute(
                database,
                "CREATE TABLE narrow (id int PRIMARY KEY)",
                "CREATE TABLE wide (id int PRIMARY KEY, " + columns + ")",
                "INSERT INTO wide (id, c299) VALUES (1, 7)");
        List<SourceRecord> changes =
                capture("INSERT INTO narrow VALUES (1)", "UPDATE wide SET c150 = 8", "INSERT INTO narrow VALUES (2)");
        assertThat(after(changes.get(0)).getInt32("c299")).isEqualTo(7);
        assertThat(after(changes.get(2)).getInt32("c150")).isEqualTo(8);
    }

    @Test
    void anEnumMayGetNewLabels() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TYPE state AS ENUM ('open')",
                "CREATE TABLE transfers (id int PRIMARY KEY, s state, past state[])",
                "INSERT INTO transfers VALUES (1, 'open', '{open}')");
        List<SourceRecord> changes = capture(
                "UPDATE transfers SET s = 'open'",
                "ALTER TYPE state ADD VALUE 'settled'",
                "UPDATE transfers SET s = 'settled', past = '{open,settled}'");
        assertThat(after(changes.get(2)).getString("s")).isEqualTo("settled");
        assertThat(after(changes.get(2)).getArray("past")).isEqualTo(List.of("open", "settled"));
    }

    @Test
    void aTruncationReachesEveryPartition() throws Exception {
        LedgerServer.execute(database, "CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        settings.put("topic.creation.default.partitions", "3");
        List<SourceRecord> changes = capture("TRUNCATE a");
        assertThat(operations(changes)).containsExactly("r", "t", "t", "t");
        assertThat(changes.subList(1, 4).stream().map(SourceRecord::kafkaPartition))
                .containsExactly(0, 1, 2);
        assertThat(changes.subList(1, 4)).allMatch(change -> change.key() == null && change.keySchema() == null);
    }

    @Test
    void aPolicyThatHidesRowsStopsTheSnapshot() throws Exception {
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY)",
                "INSERT INTO accounts VALUES (1)",
                "CREATE ROLE tenant_" + database + " LOGIN REPLICATION",
                "GRANT SELECT ON accounts TO tenant_" + database,
                "CREATE PUBLICATION ledger_connect FOR TABLE accounts",
                "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY");
        settings.put("database.user", "tenant_" + database);
        try (RunningTask task = new RunningTask(settings)) {
            assertThat(task.pollUntilFailure()).hasMessageContaining("Row-level security");
        }
    }

    @Test
    void operationsThatAreSkippedKeepTheirPositions() throws Exception {
        LedgerServer.execute(database, "CREATE TABLE a (id int PRIMARY KEY)");
        settings.put("skipped.operations", "d,t");
        List<SourceRecord> changes = capture(
                "INSERT INTO a VALUES (1)", "BEGIN; DELETE FROM a; INSERT INTO a VALUES (2); COMMIT", "TRUNCATE a");
        assertThat(operations(changes)).containsExactly("c", "c");
        assertThat(RunningTask.position(changes.get(1)).position().ordinal()).isEqualTo(2);
        assertThat(RunningTask.position(changes.get(1)).sequence()).isEqualTo(2);
        assertThat(operation(changes.get(1))).isEqualTo("c");
    }
}
