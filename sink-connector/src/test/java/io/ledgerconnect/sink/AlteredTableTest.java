package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of columns that appear, are retyped or altered, in the ledger or in the reporting table, or clash. */
class AlteredTableTest {

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

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append"})
    void tableThatIsAlteredMeanwhileIsLookedAtAgain(String mode) {
        try (RunningSink sink = new RunningSink(store, topics, Map.of("table.transfers.mode", mode))) {
            source.transaction(0x200).insert(1, 1);
            sink.drain();
            store.execute("ALTER TABLE reporting.transfers ALTER amount TYPE numeric(12, 2)");
            source.transaction(0x300).insert(2, 3);
            sink.drain();
            assertThat(store.rows("SELECT id, amount FROM reporting.transfers ORDER BY id"))
                    .containsExactly("1|1.00", "2|3.00");
            assertThat(sink.retries).isEqualTo(1);
            store.execute("ALTER TABLE reporting.transfers ALTER note TYPE varchar(6)");
            source.transaction(0x400).write(Operation.CREATE, 3, 1L, "blanks    ");
            assertThatThrownBy(sink::drain).isInstanceOf(ConnectException.class).hasMessageContaining("note");
            assertThat(store.rows("SELECT note FROM reporting.transfers WHERE id = 3"))
                    .isEmpty();
        }
    }

    @Test
    void columnThatWasRetypedInTheLedgerCanBeMadeToHoldBothTypes() {
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint, note text,"
                        + " v integer, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz)");
        Schema before = withColumn("v", Schema.OPTIONAL_INT32_SCHEMA);
        Schema after = withColumn("v", Schema.OPTIONAL_STRING_SCHEMA);
        source.transaction(0x200);
        source.send(
                "transfers",
                0,
                Operation.CREATE,
                FakeSource.key(1),
                null,
                new Struct(before).put("id", 1L).put("v", -2),
                List.of());
        source.send(
                "transfers",
                0,
                Operation.CREATE,
                FakeSource.key(2),
                null,
                new Struct(after).put("id", 2L).put("v", "three"),
                List.of());
        assertThatThrownBy(() -> drain())
                .hasMessageContaining("Column v of reporting.transfers")
                .hasMessageContaining("to text");
        store.execute("ALTER TABLE reporting.transfers ALTER v TYPE text");
        drain();
        assertThat(store.rows("SELECT id, v FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|-2", "2|three");
    }

    private static Schema withColumn(String name, Schema type) {
        return SchemaBuilder.struct()
                .name("row")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field(name, type)
                .build();
    }

    @Test
    void columnThatAppearsIsAdded() {
        source.transaction(0x200).insert(1, 1);
        Schema wider = SchemaBuilder.struct()
                .name("row")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field("currency", Schema.STRING_SCHEMA)
                .build();
        source.send(
                "transfers",
                0,
                Operation.CREATE,
                FakeSource.key(2),
                null,
                new Struct(wider).put("id", 2L).put("currency", "KRW"),
                List.of());
        source.insert(3, 3);
        drain();
        assertThat(store.rows("SELECT id, amount, currency FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|1|", "2||KRW", "3|3|");
    }

    @Test
    void columnThatAppearsStopsTheTaskWhenItMayNotBeAdded() {
        store.execute("CREATE SCHEMA reporting");
        store.execute(
                "CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, _lsn pg_lsn, _committed_at timestamptz)");
        source.transaction(0x200).insert(1, 1);
        assertThatThrownBy(() -> drain("auto.evolve", "false"))
                .hasMessageContaining("lacks the columns [amount, note]");
    }

    @Test
    void columnThatSomebodyAddedIsFilled() {
        source.transaction(0x200).insert(1, 1);
        try (RunningSink sink = new RunningSink(store, topics, Map.of("auto.evolve", "false"))) {
            sink.drain();
            store.execute("ALTER TABLE reporting.transfers ADD currency text");
            Schema wider = SchemaBuilder.struct()
                    .name("row")
                    .optional()
                    .field("id", Schema.INT64_SCHEMA)
                    .field("currency", Schema.STRING_SCHEMA)
                    .build();
            source.send(
                    "transfers",
                    0,
                    Operation.CREATE,
                    FakeSource.key(2),
                    null,
                    new Struct(wider).put("id", 2L).put("currency", "KRW"),
                    List.of());
            sink.drain();
        }
        assertThat(store.rows("SELECT id, currency FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|", "2|KRW");
    }

    private void insertWithColumn(String column) {
        Schema row = SchemaBuilder.struct()
                .name("row")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field(column, Schema.STRING_SCHEMA)
                .build();
        Struct value = new Struct(row).put("id", 1L).put(column, "x");
        source.transaction(0x200).send("t" + column, 0, Operation.CREATE, FakeSource.key(1), null, value, List.of());
    }

    @Test
    void columnOfTheLedgerThatTheSinkWritesItselfStopsTheTaskBeforeATableIsCreated() {
        insertWithColumn("_lsn");
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("The ledger's table for reporting.t_lsn has a column _lsn")
                .hasMessageContaining("rename the field with a transform");
    }

    @Test
    void columnOfTheLedgerThatTheSinkWritesInAppendTablesOnlyStopsThemOnly() {
        insertWithColumn("_op");
        assertThatThrownBy(() -> drain("table.t_op.mode", "append")).hasMessageContaining("has a column _op");
        drain();
        assertThat(store.rows("SELECT id, _op FROM reporting.t_op")).containsExactly("1|x");
    }
}
