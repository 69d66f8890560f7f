package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reporting tables hold after inserts, updates, deletes and truncates. */
class TableTest {
    private static final String ROWS = "SELECT id, amount, note FROM reporting.transfers ORDER BY id";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain(String... settings) {
        RunningSink.drain(store, topics, settings);
    }

    @Test
    void lastChangeOfARowInABatchWins() {
        source.transaction(0x200).insert(1, 1);
        source.delete(1);
        source.insert(1, 2);
        source.insert(2, 1);
        source.delete(2);
        source.insert(3, 1);
        source.update(3, 2);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|2|note 1", "3|2|note 3");
    }

    @Test
    void rowOfAKeyThatIsWrittenInAnotherWayHasItAsTheLedgerHas() {
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id numeric PRIMARY KEY, amount bigint,"
                        + " note text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz)");
        Schema keySchema =
                SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build();
        Schema rowSchema = SchemaBuilder.struct()
                .optional()
                .field("id", Schema.STRING_SCHEMA)
                .field("amount", Schema.OPTIONAL_INT64_SCHEMA)
                .build();
        Struct one = new Struct(keySchema).put("id", "1");
        Struct oneExactly = new Struct(keySchema).put("id", "1.00");
        source.transaction(0x200)
                .send("transfers", 0, Operation.CREATE, one, null, new Struct(rowSchema).put("id", "1"), List.of());
        drain();
        source.transaction(0x300)
                .send("transfers", 0, Operation.DELETE, one, new Struct(rowSchema).put("id", "1"), null, List.of());
        source.send(
                "transfers",
                0,
                Operation.CREATE,
                oneExactly,
                null,
                new Struct(rowSchema).put("id", "1.00").put("amount", 7L),
                List.of());
        drain();
        assertThat(store.rows("SELECT id, amount FROM reporting.transfers")).containsExactly("1.00|7");
    }

    @Test
    void deletesAreLeftOutWhenTheyAreNotEnabled() {
        source.transaction(0x200).insert(1, 1);
        source.transaction(0x300).delete(1);
        source.truncate("transfers", 0);
        drain("delete.enabled", "false");
        assertThat(store.rows(ROWS)).containsExactly("1|1|note 1");
        assertThat(store.value("SELECT lsn, ordinal FROM ledger_connect.applied"))
                .isEqualTo("0/300|2");
    }

    @Test
    void appendTableHasEveryChangeInOrder() {
        source.transaction(0x200).insert(1, 1);
        source.tombstone(source.transaction(0x300).delete(1));
        source.transaction(0x400).truncate("transfers", 0);
        drain("table.reporting.transfers.mode", "append");
        assertThat(store.rows(
                        "SELECT id, amount, _op, _lsn, _ordinal FROM reporting.transfers ORDER BY _lsn, _ordinal"))
                .containsExactly("1|1|c|0/200|1", "1||d|0/300|1", "||t|0/400|1");
    }

    @Test
    void truncateIsARowOfAnAppendTableAlsoWhenItComesFirst() {
        source.transaction(0x200).write("transfers", 1, Operation.CREATE, 1, 1L, "a");
        source.transaction(0x300).truncate("transfers", 0);
        source.truncateAgain("transfers", 1);
        try (RunningSink sink = new RunningSink(store, topics, Map.of("table.transfers.mode", "append"))) {
            sink.pollRecords(1).drain();
        }
        assertThat(store.rows("SELECT id, _op, _lsn FROM reporting.transfers ORDER BY _lsn"))
                .containsExactly("1|c|0/200", "|t|0/300");
    }

    @Test
    void truncateTakesAwayWhatPrecedesItWhateverTheOrderOfPartitions() {
        source.transaction(0x200).write("transfers", 0, Operation.CREATE, 1, 1L, null);
        source.write("transfers", 1, Operation.CREATE, 2, 1L, null);
        source.transaction(0x300).write("transfers", 1, Operation.CREATE, 3, 1L, null);
        source.truncate("transfers", 0);
        source.truncateAgain("transfers", 1);
        source.write("transfers", 0, Operation.CREATE, 4, 1L, null);
        source.transaction(0x400).write("transfers", 1, Operation.CREATE, 5, 1L, null);
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.pollRecords(2).drain();
        }
        assertThat(store.rows("SELECT id FROM reporting.transfers ORDER BY id")).containsExactly("4", "5");
    }

    @Test
    void existingTableIsChecked() {
        store.execute("CREATE SCHEMA reporting");
        source.transaction(0x200).insert(1, 1);
        store.execute("CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint, note text)");
        assertThatThrownBy(this::drain)
                .hasMessageContaining("has no column _lsn")
                .hasMessageContaining("ALTER TABLE");
        store.execute("ALTER TABLE reporting.transfers ADD _lsn bigint, ADD _committed_at timestamptz");
        assertThatThrownBy(this::drain).hasMessageContaining("_lsn of reporting.transfers is of type int8, not pg_lsn");
        store.execute("ALTER TABLE reporting.transfers DROP _lsn, ADD _lsn pg_lsn, ADD must text NOT NULL");
        assertThatThrownBy(this::drain).hasMessageContaining("requires a value in must");
        store.execute("ALTER TABLE reporting.transfers DROP must, ALTER amount TYPE boolean USING false");
        assertThatThrownBy(this::drain).hasMessageContaining("Column amount of reporting.transfers is of type bool");
        store.execute(
                "ALTER TABLE reporting.transfers DROP amount, ADD amount numeric(20,0), DROP CONSTRAINT transfers_pkey");
        assertThatThrownBy(this::drain).hasMessageContaining("neither a primary key nor a unique index");
        store.execute("CREATE UNIQUE INDEX ON reporting.transfers (amount)");
        assertThatThrownBy(this::drain).hasMessageContaining("no unique index on exactly [id]");
        store.execute("CREATE UNIQUE INDEX ON reporting.transfers (id)");
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|1|note 1");
    }

    @Test
    void rowsThatSomethingElseWroteAreTakenOver() {
        store.execute("CREATE SCHEMA reporting");
        store.execute("CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint, note text, "
                + "_lsn pg_lsn, _committed_at timestamptz)");
        store.execute("INSERT INTO reporting.transfers VALUES (1, 0, 'mine', NULL, NULL), (2, 0, 'mine', NULL, NULL)");
        source.transaction(0x200).update(1, 1);
        source.delete(2);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|1|note 1");
    }

    @Test
    void tableWithoutKeyNeedsAppendMode() {
        Schema row = SchemaBuilder.struct()
                .name("log")
                .optional()
                .field("line", Schema.STRING_SCHEMA)
                .build();
        source.transaction(0x200)
                .send("log", 0, Operation.CREATE, null, null, new Struct(row).put("line", "a"), List.of());
        assertThatThrownBy(this::drain).hasMessageContaining("no key").hasMessageContaining("mode=append");
        drain("table.log.mode", "append");
        assertThat(store.rows("SELECT line, _op FROM reporting.log")).containsExactly("a|c");
    }

    @Test
    void numbersThatTheServerHoldsEqualAreOneKey() {
        Schema key = SchemaBuilder.struct()
                .name("k")
                .field("id", SchemaBuilder.string().build())
                .build();
        Schema row = SchemaBuilder.struct()
                .name("r")
                .optional()
                .field("id", SchemaBuilder.string().build())
                .field("amount", Schema.INT64_SCHEMA)
                .build();
        store.execute("CREATE SCHEMA reporting");
        store.execute(
                "CREATE TABLE reporting.prices (id numeric PRIMARY KEY, amount bigint, _lsn pg_lsn, _committed_at timestamptz)");
        long lsn = 0x200;
        for (String id : List.of("1.0", "1.00", "1")) {
            source.transaction(lsn++)
                    .send(
                            "prices",
                            0,
                            Operation.CREATE,
                            new Struct(key).put("id", id),
                            null,
                            new Struct(row).put("id", id).put("amount", (long) id.length()),
                            List.of());
        }
        drain();
        assertThat(store.rows("SELECT amount FROM reporting.prices")).containsExactly("1");
    }

    @Test
    void deleteSparesWhatItsTransactionInsertedUnderAnEqualKeyOfOtherBytes() {
        Schema key = SchemaBuilder.struct()
                .name("k")
                .field("id", Schema.FLOAT64_SCHEMA)
                .build();
        Schema row = SchemaBuilder.struct()
                .name("r")
                .optional()
                .field("id", Schema.FLOAT64_SCHEMA)
                .field("amount", Schema.INT64_SCHEMA)
                .build();
        Struct zero = new Struct(key).put("id", 0.0);
        Struct minusZero = new Struct(key).put("id", -0.0);
        source.transaction(0x200)
                .send(
                        "rates",
                        1,
                        Operation.CREATE,
                        zero,
                        null,
                        new Struct(row).put("id", 0.0).put("amount", 1L),
                        List.of());
        drain();
        source.transaction(0x300)
                .send(
                        "rates",
                        1,
                        Operation.DELETE,
                        zero,
                        new Struct(row).put("id", 0.0).put("amount", 1L),
                        null,
                        List.of());
        source.send(
                "rates",
                0,
                Operation.CREATE,
                minusZero,
                null,
                new Struct(row).put("id", -0.0).put("amount", 1L),
                List.of());
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.pollRecords(1).drain();
        }
        assertThat(store.rows("SELECT id, _ordinal FROM reporting.rates")).containsExactly("-0|2");
    }

    @Test
    void flattenedValuesAreRows() {
        source.transaction(0x200).insert(1, 1);
        Topics flattened = new Topics();
        topics.log(topics.partitions().get(0)).values().forEach(record -> {
            Struct row = ((Struct) record.value()).getStruct("after");
            List<org.apache.kafka.connect.header.Header> headers = new java.util.ArrayList<>();
            record.headers().forEach(headers::add);
            flattened.append(record.topic(), 0, record.keySchema(), record.key(), row.schema(), row, headers);
        });
        try (RunningSink sink = new RunningSink(store, flattened, Map.of())) {
            sink.drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|1|note 1");
    }

    /** Of an extension that no codec is for: the source sends its text. */
    @Test
    void textIsReadByTheServerWhereTheColumnsTypeIsNotKnown() throws Exception {
        try (ReportingStore other = new ReportingStore()) {
            other.execute("CREATE EXTENSION cube; CREATE SCHEMA reporting; CREATE TABLE reporting.transfers ("
                    + "id bigint PRIMARY KEY, amount bigint, note cube, _lsn pg_lsn, _committed_at timestamptz)");
            Topics places = new Topics();
            new FakeSource(places, "slot", 0x100, false)
                    .transaction(0x200)
                    .write(Operation.CREATE, 1, 1L, "(1, 2),(3, 4)");
            RunningSink.drain(other, places);
            assertThat(other.rows("SELECT note, cube_dim(note) FROM reporting.transfers"))
                    .containsExactly("(1, 2),(3, 4)|2");
        }
    }
}
