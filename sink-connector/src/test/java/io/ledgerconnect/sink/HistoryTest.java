package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** History tables: every version of a row with the positions between which it was valid. */
class HistoryTest {
    private static final String MODE = "table.transfers.mode";
    private static final String VERSIONS = """
            SELECT id, amount, note, _lsn, _ordinal, _until_lsn, _until_ordinal, _current
            FROM reporting.transfers ORDER BY id, _lsn, _ordinal""";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain() {
        RunningSink.drain(store, topics, MODE, "history");
    }

    private void drain(int pollRecords) {
        try (RunningSink sink = new RunningSink(store, topics, Map.of(MODE, "history"))) {
            sink.pollRecords(pollRecords).drain();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void versionsAreValidUntilTheNextChange(int pollRecords) {
        source.transaction(0x200).insert(1, 10);
        source.insert(2, 20);
        source.transaction(0x300).update(1, 11);
        source.update(1, 12);
        source.transaction(0x400).delete(2);
        source.transaction(0x500).insert(2, 21);
        drain(pollRecords);
        assertThat(store.rows(VERSIONS))
                .containsExactly(
                        "1|10|note 1|0/200|1|0/300|1|f",
                        "1|11|note 1|0/300|1|0/300|2|f",
                        "1|12|note 1|0/300|2|||t",
                        "2|20|note 2|0/200|2|0/400|1|f",
                        "2|21|note 2|0/500|1|||t");
    }

    @Test
    void versionEndsWhenTheNextChangeWasCommitted() {
        source.transaction(0x200).insert(1, 10);
        source.transaction(0x300).delete(1);
        drain();
        assertThat(store.rows("SELECT _until = _committed_at, _until FROM reporting.transfers"))
                .allMatch(row -> row.startsWith("t|2026-"));
    }

    @Test
    void createdTableFindsVersionsByKeyAndHasOneCurrentVersionAtMost() {
        source.transaction(0x200).insert(1, 10);
        drain();
        assertThat(store.rows("SELECT regexp_replace(indexdef, '.* USING ', '') FROM pg_indexes"
                        + " WHERE tablename = 'transfers' ORDER BY 1"))
                .containsExactly("btree (id) WHERE _current", "btree (id, _lsn, _ordinal)");
        assertThatThrownBy(() -> store.execute("INSERT INTO reporting.transfers (id, _lsn, _ordinal, _committed_at)"
                        + " VALUES (1, '0/300', 1, now())"))
                .hasMessageContaining("duplicate key");
    }

    @Test
    void replayFromTheBeginningChangesNothing() {
        source.transaction(0x200).insert(1, 10);
        source.transaction(0x300).update(1, 11);
        source.tombstone(source.transaction(0x400).delete(1));
        drain();
        drain(1);
        assertThat(store.rows(VERSIONS))
                .containsExactly("1|10|note 1|0/200|1|0/300|1|f", "1|11|note 1|0/300|1|0/400|1|f");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void valueThatWasNotSentIsThatOfTheVersionBefore(int pollRecords) {
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "long text");
        source.transaction(0x300).updateWithout(1, 2L, "note");
        source.transaction(0x400).updateWithout(1, 3L, "note", "amount");
        drain(pollRecords);
        source.transaction(0x500).updateWithout(1, 4L, "note");
        drain(pollRecords);
        assertThat(store.rows("SELECT amount, note, _lsn FROM reporting.transfers ORDER BY _lsn"))
                .containsExactly("1|long text|0/200", "2|long text|0/300", "2|long text|0/400", "4|long text|0/500");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void valueThatWasNotSentIsThatOfTheVersionBeforeInTheBatch(int pollRecords) {
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "first");
        drain(pollRecords);
        source.transaction(0x300).write(Operation.UPDATE, 1, 2L, "second");
        source.updateWithout(1, 3L, "note");
        drain(pollRecords);
        assertThat(store.rows("SELECT amount, note FROM reporting.transfers ORDER BY _lsn, _ordinal"))
                .containsExactly("1|first", "2|second", "3|second");
    }

    @Test
    void valueThatWasNotSentWithANewKeyIsNull() {
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "long text");
        source.transaction(0x300).delete(1);
        source.writeWithout("transfers", 0, Operation.CREATE, 2, 1L, "note");
        drain();
        assertThat(store.rows(VERSIONS)).containsExactly("1|1|long text|0/200|1|0/300|1|f", "2|1||0/300|2|||t");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void valueThatWasNotSentForAnUnknownRowStopsTheTask(int pollRecords) {
        source.transaction(0x200).insert(1, 1);
        source.transaction(0x300).delete(1);
        source.transaction(0x400).updateWithout(1, 2L, "note");
        assertThatThrownBy(() -> drain(pollRecords))
                .hasMessageContaining("leaves columns as they were, but the version that has them is not in the table");
    }

    /** Partition 1 is read when 0 is through; its rows get their ends from its own copy of the truncate. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void truncateEndsWhatPrecedesItWhateverTheOrderOfPartitions(int pollRecords) {
        source.transaction(0x200).write("transfers", 0, Operation.CREATE, 1, 1L, "a");
        source.write("transfers", 1, Operation.CREATE, 2, 1L, "b");
        source.transaction(0x300).writeWithout("transfers", 1, Operation.UPDATE, 2, 2L, "note");
        source.truncate("transfers", 0);
        source.truncateAgain("transfers", 1);
        source.write("transfers", 1, Operation.CREATE, 2, 3L, "c");
        source.transaction(0x400).write("transfers", 0, Operation.CREATE, 1, 4L, "d");
        drain(pollRecords);
        assertThat(store.rows(VERSIONS))
                .containsExactly(
                        "1|1|a|0/200|1|0/300|2|f",
                        "1|4|d|0/400|1|||t",
                        "2|1|b|0/200|2|0/300|1|f",
                        "2|2|b|0/300|1|0/300|2|f",
                        "2|3|c|0/300|3|||t");
    }

    @Test
    void aLaggingPartitionMeetsATruncateThatAnotherBrought() {
        source.transaction(0x200).write("transfers", 1, Operation.CREATE, 2, 1L, "b");
        drain();
        source.transaction(0x300).writeWithout("transfers", 1, Operation.UPDATE, 2, 2L, "note");
        source.transaction(0x400).truncate("transfers", 0);
        source.truncateAgain("transfers", 1);
        drain(1);
        assertThat(store.rows(VERSIONS)).containsExactly("2|1|b|0/200|1|0/300|1|f", "2|2|b|0/300|1|0/400|1|f");
    }

    @Test
    void aVersionThatComesAfterItsTruncateIsNotCurrent() {
        SinkRecord first = source.transaction(0x200).write("transfers", 1, Operation.CREATE, 2, 1L, "b");
        SinkRecord late = source.transaction(0x300).write("transfers", 1, Operation.UPDATE, 2, 2L, "b");
        SinkRecord truncate = source.transaction(0x400).truncate("transfers", 0);
        try (RunningSink sink = new RunningSink(store, topics, Map.of(MODE, "history"))) {
            sink.put(List.of(first));
            sink.put(List.of(truncate));
            sink.put(List.of(late));
        }
        assertThat(store.rows(VERSIONS)).containsExactly("2|1|b|0/200|1|0/300|1|f", "2|2|b|0/300|1|0/400|1|f");
    }

    @Test
    void deletesAreLeftOutWhenTheyAreNotEnabled() {
        source.transaction(0x200).insert(1, 1);
        source.transaction(0x300).delete(1);
        source.truncate("transfers", 0);
        RunningSink.drain(store, topics, MODE, "history", "delete.enabled", "false");
        assertThat(store.rows(VERSIONS)).containsExactly("1|1|note 1|0/200|1|||t");
    }

    @Test
    void aFreshSnapshotTakesThePlaceOfAnAbandonedOne() {
        FakeSource abandoned = new FakeSource(topics, "snap", 0x500, true);
        abandoned.write(Operation.READ, 1, 10L, null);
        abandoned.write("transfers", 1, Operation.READ, 2, 20L, null);
        drain();
        FakeSource anew = new FakeSource(topics, "snap", 0x700, true);
        anew.write(Operation.READ, 1, 11L, null);
        anew.transaction(0x800).update(1, 12);
        drain(1);
        assertThat(store.rows(VERSIONS)).containsExactly("1|11||0/6FF|1|0/800|1|f", "1|12|note 1|0/800|1|||t");
    }

    @Test
    void aColumnThatTheLedgerGetsIsAdded() {
        source.transaction(0x200).insert(1, 1);
        drain();
        Schema wider = SchemaBuilder.struct()
                .name("wider")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field("amount", Schema.OPTIONAL_INT64_SCHEMA)
                .field("note", Schema.OPTIONAL_STRING_SCHEMA)
                .field("city", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        source.transaction(0x300)
                .send(
                        "transfers",
                        0,
                        Operation.UPDATE,
                        FakeSource.key(1),
                        null,
                        new Struct(wider).put("id", 1L).put("amount", 2L).put("city", "Bern"),
                        List.of());
        drain();
        assertThat(store.rows("SELECT amount, city, _current FROM reporting.transfers ORDER BY _lsn"))
                .containsExactly("1||f", "2|Bern|t");
    }

    @Test
    void aTableMadeByHandIsChecked() {
        source.transaction(0x200).insert(1, 1);
        source.transaction(0x300).update(1, 2);
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint,"
                + " note text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz, _current boolean)");
        assertThatThrownBy(this::drain)
                .hasMessageContaining("has no column _until_lsn, in which the sink keeps where a row came from and how"
                        + " long it was valid: ALTER TABLE")
                .hasMessageContaining("Column _current of reporting.transfers is not computed by the server");
        store.execute("ALTER TABLE reporting.transfers DROP _current, ADD _until_lsn pg_lsn, ADD _until_ordinal bigint,"
                + " ADD _until timestamptz NOT NULL");
        assertThatThrownBy(this::drain).hasMessageContaining("cannot hold several versions of a row");
        store.execute("ALTER TABLE reporting.transfers DROP CONSTRAINT transfers_pkey, ADD UNIQUE (note, amount)");
        assertThatThrownBy(this::drain).hasMessageContaining("no unique index on exactly [id, _lsn, _ordinal]");
        store.execute("CREATE UNIQUE INDEX ON reporting.transfers (id, _lsn, _ordinal)");
        assertThatThrownBy(this::drain).hasMessageContaining("requires a value in _until");
        store.execute("ALTER TABLE reporting.transfers ALTER _until DROP NOT NULL");
        drain();
        assertThat(store.rows("SELECT amount, _until_lsn FROM reporting.transfers ORDER BY _lsn"))
                .containsExactly("1|0/300", "2|");
    }

    @Test
    void aPartitionedTableIsWritten() {
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint, amount bigint, note text,"
                        + " _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz, _until_lsn pg_lsn, _until_ordinal bigint,"
                        + " _until timestamptz, PRIMARY KEY (id, _lsn, _ordinal)) PARTITION BY HASH (id);"
                        + " CREATE TABLE reporting.p0 PARTITION OF reporting.transfers FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
                        + " CREATE TABLE reporting.p1 PARTITION OF reporting.transfers FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
        source.transaction(0x200).insert(1, 1);
        source.insert(2, 1);
        source.transaction(0x300).update(1, 2);
        source.delete(2);
        drain(1);
        assertThat(store.rows("SELECT id, amount, _until_lsn FROM reporting.transfers ORDER BY id, _lsn"))
                .containsExactly("1|1|0/300", "1|2|", "2|1|0/300");
    }

    @Test
    void aChangeThatATriggerLeavesOutIsRefused() {
        source.transaction(0x200).insert(1, 1);
        drain();
        store.execute(
                "CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
                        + " CREATE TRIGGER leave_out BEFORE UPDATE ON reporting.transfers FOR EACH ROW EXECUTE FUNCTION leave_out()");
        source.transaction(0x300).delete(1);
        assertThatThrownBy(this::drain).hasMessageContaining("a trigger of the table left the change out");
        assertThat(store.rows(VERSIONS)).containsExactly("1|1|note 1|0/200|1|||t");
    }

    @Test
    void aRefusedVersionIsQuarantinedAndTheOthersAreWritten() {
        source.transaction(0x200).insert(1, 1);
        drain();
        store.execute("ALTER TABLE reporting.transfers ADD CHECK (amount <> 2)");
        source.transaction(0x300).update(1, 2);
        source.transaction(0x400).update(1, 3);
        RunningSink.drain(store, topics, MODE, "history", "errors.tolerance", "all");
        assertThat(store.rows(VERSIONS)).containsExactly("1|1|note 1|0/200|1|0/400|1|f", "1|3|note 1|0/400|1|||t");
        assertThat(store.rows("SELECT lsn FROM ledger_connect.quarantine")).containsExactly("0/300");
    }
}
