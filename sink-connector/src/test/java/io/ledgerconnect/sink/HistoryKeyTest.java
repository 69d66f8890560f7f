package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** History tables whose keys come in several partitions, or are equal though their bytes are not. */
class HistoryKeyTest {
    private static final String MODE = "table.transfers.mode";
    private static final Schema NAME =
            SchemaBuilder.struct().field("name", Schema.STRING_SCHEMA).build();
    private static final Schema NAMED = SchemaBuilder.struct()
            .optional()
            .field("name", Schema.STRING_SCHEMA)
            .build();

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void aKeyThatRowsOfSeveralPartitionsTakeOverHasItsVersionsInTheOrderOfTheLedger() {
        source.transaction(0x200).write("transfers", 2, Operation.CREATE, 1, 5L, "first");
        source.transaction(0x300);
        move(2, FakeSource.row(1, 5L, "first"), FakeSource.row(1, 6L, "first"));
        source.transaction(0x400).write("transfers", 1, Operation.CREATE, 2, 5L, "second");
        source.transaction(0x500);
        move(1, FakeSource.row(2, 5L, "second"), FakeSource.row(2, 7L, "second"));
        source.transaction(0x600).write("transfers", 0, Operation.CREATE, 3, 5L, "third");
        for (int pollRecords : List.of(1, 2, 3, 100)) {
            Map<String, String> settings = Map.of(
                    MODE,
                    "history",
                    "table.transfers.key",
                    "amount",
                    "name",
                    "pipe" + pollRecords,
                    "table.name.format",
                    "poll" + pollRecords + ".${table}");
            try (RunningSink sink = new RunningSink(store, topics, settings)) {
                sink.pollRecords(pollRecords).drain();
            }
            assertThat(store.rows("SELECT amount, note, _lsn, _until_lsn, _current FROM poll" + pollRecords
                            + ".transfers ORDER BY amount, _lsn"))
                    .as("%d records a poll", pollRecords)
                    .containsExactly(
                            "5|first|0/200|0/300|f",
                            "5|second|0/400|0/500|f",
                            "5|third|0/600||t",
                            "6|first|0/300||t",
                            "7|second|0/500||t");
        }
    }

    /** As with REPLICA IDENTITY FULL. */
    private SinkRecord move(int partition, Struct before, Struct after) {
        return source.send(
                "transfers",
                partition,
                Operation.UPDATE,
                FakeSource.key(before.getInt64("id")),
                before,
                after,
                List.of());
    }

    @Test
    void keysThatTheServerHoldsEqualAreOneRow() {
        Schema key = SchemaBuilder.struct().field("id", Schema.FLOAT64_SCHEMA).build();
        Schema row = SchemaBuilder.struct()
                .optional()
                .field("id", Schema.FLOAT64_SCHEMA)
                .build();
        Struct zero = new Struct(key).put("id", 0.0);
        source.transaction(0x200)
                .send("rates", 1, Operation.CREATE, zero, null, new Struct(row).put("id", 0.0), List.of());
        source.transaction(0x300)
                .send("rates", 1, Operation.DELETE, zero, new Struct(row).put("id", 0.0), null, List.of());
        source.send(
                "rates",
                0,
                Operation.CREATE,
                new Struct(key).put("id", -0.0),
                null,
                new Struct(row).put("id", -0.0),
                List.of());
        for (int pollRecords : List.of(1, 100)) {
            Map<String, String> settings = Map.of(
                    "table.rates.mode",
                    "history",
                    "name",
                    "pipe" + pollRecords,
                    "table.name.format",
                    "poll" + pollRecords + ".${table}");
            try (RunningSink sink = new RunningSink(store, topics, settings)) {
                sink.pollRecords(pollRecords).drain();
            }
            assertThat(store.rows("SELECT id, _lsn, _ordinal, _until_lsn, _until_ordinal FROM poll" + pollRecords
                            + ".rates ORDER BY _lsn"))
                    .containsExactly("0|0/200|1|0/300|1", "-0|0/300|2||");
        }
    }

    @Test
    void keysThatOnlyTheServersCollationHoldsEqualAreOneRow() {
        store.execute("CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                + " CREATE SCHEMA reporting; CREATE TABLE reporting.names (name text COLLATE any_case, _lsn pg_lsn,"
                + " _ordinal bigint, _committed_at timestamptz, _until_lsn pg_lsn, _until_ordinal bigint,"
                + " _until timestamptz, PRIMARY KEY (name, _lsn, _ordinal))");
        source.transaction(0x200);
        name(0, Operation.CREATE, "a");
        RunningSink.drain(store, topics, "table.names.mode", "history");
        source.transaction(0x300);
        name(0, Operation.DELETE, "a");
        name(1, Operation.CREATE, "A");
        source.transaction(0x400);
        name(1, Operation.UPDATE, "A");
        RunningSink.drain(store, topics, "table.names.mode", "history");
        assertThat(store.rows("SELECT name, _lsn, _until_lsn, _until_ordinal FROM reporting.names ORDER BY _lsn"))
                .containsExactly("a|0/200|0/300|1", "A|0/300|0/400|1", "A|0/400||");
    }

    private void name(int partition, Operation operation, String name) {
        Struct row = new Struct(NAMED).put("name", name);
        boolean delete = operation == Operation.DELETE;
        source.send(
                "names",
                partition,
                operation,
                new Struct(NAME).put("name", name),
                delete ? row : null,
                delete ? null : row,
                List.of());
    }

    /** The first is held up after its write, until the second waits for it. */
    @Test
    void aKeyThatTwoTasksWriteAtOnceHasOneCurrentVersion() throws Exception {
        SinkRecord any = source.transaction(0x200).write("transfers", 1, Operation.CREATE, 9, 9L, "any");
        SinkRecord first = source.write("transfers", 2, Operation.CREATE, 1, 5L, "first");
        source.transaction(0x300);
        SinkRecord moved = move(2, FakeSource.row(1, 5L, "first"), FakeSource.row(1, 6L, "first"));
        SinkRecord second = source.transaction(0x400).write("transfers", 0, Operation.CREATE, 3, 5L, "second");
        Map<String, String> settings = Map.of(MODE, "history", "table.transfers.key", "amount");
        try (RunningSink one = new RunningSink(store, topics, settings);
                RunningSink two = new RunningSink(store, topics, settings)) {
            one.put(List.of(any));
            store.execute("CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
                    + " PERFORM pg_advisory_xact_lock(42); RETURN NULL; END'; CREATE CONSTRAINT TRIGGER hold_up AFTER INSERT"
                    + " ON reporting.transfers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_up();"
                    + " SELECT pg_advisory_lock(42)");
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> one.put(List.of(first)));
            awaitWaiting(1);
            CompletableFuture<Void> following = CompletableFuture.runAsync(() -> two.put(List.of(second)));
            awaitWaiting(2);
            store.execute("SELECT pg_advisory_unlock(42)");
            writing.get();
            following.get();
            one.put(List.of(moved));
        }
        assertThat(store.rows("SELECT amount, note, _lsn, _until_lsn, _current FROM reporting.transfers"
                        + " ORDER BY amount, _lsn"))
                .containsExactly("5|first|0/200|0/300|f", "5|second|0/400||t", "6|first|0/300||t", "9|any|0/200||t");
    }

    private void awaitWaiting(int sessions) {
        Awaitility.await()
                .until(() -> store.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                + " AND datname = current_database()")
                        .equals(Integer.toString(sessions)));
    }
}
