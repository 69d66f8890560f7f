package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that no source connector of this suite sent. */
class ForeignRecordsTest {
    private static final String TOPIC = "ledger.public.transfers";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final String ROWS = "SELECT id, amount FROM reporting.transfers ORDER BY id";
    private static final String LINES =
            "SELECT id, _op, amount FROM reporting.transfers ORDER BY _lsn, _ordinal, id, _op DESC";
    private static final Schema FLAT = SchemaBuilder.struct()
            .name("flat")
            .field("id", Schema.INT64_SCHEMA)
            .field("amount", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeDebezium debezium = new FakeDebezium(topics);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private RunningSink sink(String mode) {
        return new RunningSink(store, topics, Map.of("table.transfers.mode", mode));
    }

    private void drain(String mode) {
        try (RunningSink sink = sink(mode)) {
            sink.drain();
        }
    }

    private void snapshotAndStream() {
        for (long id = 1; id <= 4; id++) {
            debezium.read(0x100, id, id);
        }
        debezium.insert(0x110, 5, 50);
        debezium.update(0x120, 1, 10);
        debezium.after(0x130).delete(0x118, 2);
        debezium.after(0x150).update(0x140, 1, 11);
    }

    @Test
    void recordsOfDebeziumAreUpserted() {
        snapshotAndStream();
        drain("upsert");
        assertThat(store.rows(ROWS)).containsExactly("1|11", "3|3", "4|4", "5|50");
        assertThat(store.value(
                        "SELECT _lsn, _committed_at = to_timestamp(1790000000) FROM reporting.transfers WHERE id = 1"))
                .isEqualTo("0/150|t");
    }

    @Test
    void recordsOfDebeziumMakeAHistory() {
        snapshotAndStream();
        drain("history");
        assertThat(store.rows(
                        "SELECT id, amount, _lsn, _until_lsn FROM reporting.transfers ORDER BY id, _lsn, _ordinal"))
                .containsExactly(
                        "1|1|0/100|0/120",
                        "1|10|0/120|0/150",
                        "1|11|0/150|",
                        "2|2|0/100|0/130",
                        "3|3|0/100|",
                        "4|4|0/100|",
                        "5|50|0/110|");
    }

    @Test
    void tombstonesOfDebeziumAreNoDeletes() {
        snapshotAndStream();
        drain("append");
        assertThat(store.rows(LINES))
                .containsExactly("1|r|1", "2|r|2", "3|r|3", "4|r|4", "5|c|50", "1|u|10", "2|d|", "1|u|11");
    }

    @Test
    void topicsReadAgainChangeNothing() {
        snapshotAndStream();
        for (int i = 0; i < 2; i++) {
            drain("append");
        }
        try (RunningSink sink = sink("append").pollRecords(1)) {
            sink.drain();
            sink.readFrom(PARTITION, 3);
            sink.drain();
        }
        assertThat(store.value("SELECT count(*) FROM reporting.transfers")).isEqualTo("8");
    }

    /** After a crash Debezium sends again what its last stored offset does not tell. */
    @Test
    void recordsSentAgainAreWrittenOnce() {
        snapshotAndStream();
        debezium.insert(0x160, 6, 60);
        debezium.insert(0x160, 7, 70);
        debezium.insert(0x160, 8, 80);
        for (int poll : new int[] {1, 2, 3, 100}) {
            List.copyOf(topics.log(PARTITION).values()).forEach(topics::repeat);
            try (RunningSink sink = sink("append").pollRecords(poll)) {
                sink.drain();
            }
            assertThat(store.value("SELECT count(*) FROM reporting.transfers"))
                    .as("polling " + poll)
                    .isEqualTo("11");
        }
    }

    /** Rows of one page of a COPY have one position; Debezium may be stopped among them. */
    @Test
    void positionsThatWereSentInPartAreCompleted() {
        for (int poll : new int[] {1, 2, 100}) {
            Topics fresh = new Topics();
            FakeDebezium copy = new FakeDebezium(fresh);
            copy.insert(0x110, 1, 1);
            copy.insert(0x110, 2, 2);
            copy.insert(0x110, 1, 1);
            copy.insert(0x110, 2, 2);
            copy.insert(0x110, 3, 3);
            copy.insert(0x110, 4, 4);
            try (RunningSink sink = new RunningSink(
                            store,
                            fresh,
                            Map.of(
                                    "name", "p" + poll,
                                    "table.name.format", "r" + poll + ".${table}",
                                    "table.transfers.mode", "append"))
                    .pollRecords(poll)) {
                sink.drain();
            }
            assertThat(store.rows("SELECT id FROM r" + poll + ".transfers ORDER BY id"))
                    .containsExactly("1", "2", "3", "4");
        }
    }

    @Test
    void positionsMayBeSentAgainWithoutWhatCameBefore() {
        debezium.insert(0x110, 1, 1);
        debezium.insert(0x110, 2, 2);
        drain("append");
        debezium.insert(0x110, 1, 1);
        drain("append");
        debezium.insert(0x110, 2, 2);
        debezium.insert(0x120, 3, 3);
        drain("append");
        assertThat(store.rows(LINES)).containsExactly("1|c|1", "2|c|2", "3|c|3");
    }

    /** Rather twice than never: nothing tells two rows without a key apart. */
    @Test
    void equalRowsWithoutKeyAreAllWritten() {
        for (int i = 0; i < 3; i++) {
            debezium.send("c", 0x110, null, null, FakeDebezium.row(1, 1));
        }
        drain("append");
        assertThat(store.rows(LINES)).containsExactly("1|c|1", "1|c|1", "1|c|1");
    }

    @Test
    void changeOfKeyIsADeleteAndACreateOfOnePosition() {
        debezium.insert(0x110, 1, 1);
        debezium.after(0x120).delete(0x130, 1);
        debezium.insert(0x130, 2, 1);
        drain("history");
        assertThat(store.rows("SELECT id, _until_lsn FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|0/120", "2|");
    }

    @Test
    void olderVersionDoesNotOverwriteANewerOneAcrossPartitions() {
        debezium.partition = 1;
        debezium.after(0x200).insert(0x210, 1, 2);
        drain("upsert");
        debezium.partition = 0;
        debezium.after(0x100).insert(0x110, 1, 1);
        drain("upsert");
        assertThat(store.rows(ROWS)).containsExactly("1|2");
    }

    @Test
    void placeholdersLeaveColumnsAsTheyAre() {
        Schema row = SchemaBuilder.struct()
                .name("long")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field("amount", Schema.OPTIONAL_INT64_SCHEMA)
                .field("text", Schema.OPTIONAL_STRING_SCHEMA)
                .field("bytes", Schema.OPTIONAL_BYTES_SCHEMA)
                .field(
                        "texts",
                        SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build())
                .field(
                        "numbers",
                        SchemaBuilder.array(Schema.INT32_SCHEMA).optional().build())
                .build();
        byte[] placeholder = EnvelopeFields.UNAVAILABLE.getBytes(StandardCharsets.UTF_8);
        List<Integer> spelt = EnvelopeFields.UNAVAILABLE.chars().boxed().toList();
        debezium.send(
                "c",
                0x110,
                FakeSource.key(1),
                null,
                new Struct(row)
                        .put("id", 1L)
                        .put("amount", 1L)
                        .put("text", "long")
                        .put("bytes", ByteBuffer.wrap(new byte[] {1}))
                        .put("texts", List.of("a"))
                        .put("numbers", List.of(1, 2)));
        debezium.send(
                "u",
                0x120,
                FakeSource.key(1),
                null,
                new Struct(row)
                        .put("id", 1L)
                        .put("amount", 2L)
                        .put("text", EnvelopeFields.UNAVAILABLE)
                        .put("bytes", ByteBuffer.wrap(placeholder))
                        .put("texts", List.of(EnvelopeFields.UNAVAILABLE))
                        .put("numbers", spelt));
        drain("upsert");
        assertThat(store.value("SELECT amount, text, bytes, texts, numbers FROM reporting.transfers"))
                .isEqualTo("2|long|\\x01|{a}|{1,2}");
    }

    @Test
    void truncateOfOnePartitionIsCarriedOut() {
        debezium.insert(0x110, 1, 1);
        debezium.after(0x120).send("t", 0x130, null, null, null);
        debezium.after(0x140).insert(0x150, 2, 2);
        drain("upsert");
        assertThat(store.rows(ROWS)).containsExactly("2|2");
    }

    @Test
    void truncateAmongSeveralPartitionsStopsTheTask() {
        debezium.insert(0x110, 1, 1);
        debezium.partition = 1;
        debezium.insert(0x112, 2, 2);
        debezium.after(0x120).send("t", 0x130, null, null, null);
        try (RunningSink sink = sink("upsert")) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("whose records come in several partitions");
        }
    }

    @Test
    void topicMadeAnewStopsTheTask() {
        snapshotAndStream();
        drain("append");
        Topics anew = new Topics();
        new FakeDebezium(anew).after(0x900).insert(0x910, 9, 9);
        try (RunningSink sink = new RunningSink(store, anew, Map.of("table.transfers.mode", "append"))) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("the topic was made anew")
                    .hasMessageContaining("DELETE FROM ledger_connect.channel WHERE topic = 'ledger.public.transfers'");
        }
        store.execute("DELETE FROM ledger_connect.channel WHERE topic = 'ledger.public.transfers'");
        try (RunningSink sink = new RunningSink(store, anew, Map.of("table.transfers.mode", "append"))) {
            sink.drain();
        }
        assertThat(store.value("SELECT max(id), count(*) FROM reporting.transfers"))
                .isEqualTo("9|9");
    }

    @Test
    void recordsThatCannotBePlacedStopTheTask() {
        debezium.withSequence("[\"x\",\"272\"]").insert(0x110, 1, 1);
        try (RunningSink sink = sink("append")) {
            assertThatThrownBy(sink::drain).hasMessageContaining("source.sequence reads '[\"x\",\"272\"]'");
        }
    }

    @Test
    void recordsWithoutAnAddressStopTheTask() {
        debezium.send("transfers", "c", null, FakeSource.key(1), null, FakeDebezium.row(1, 1));
        try (RunningSink sink = sink("append")) {
            assertThatThrownBy(sink::drain).hasMessageContaining("source.lsn is empty");
        }
    }

    @Test
    void unknownOperationStopsTheTask() {
        debezium.send("x", 0x110, FakeSource.key(1), null, FakeDebezium.row(1, 1));
        try (RunningSink sink = sink("append")) {
            assertThatThrownBy(sink::drain)
                    .hasMessageContaining("ledger.public.transfers-0 offset 0")
                    .hasMessageContaining("'x' is not an operation");
        }
    }

    @Test
    void recordsOfAnotherDatabaseAreKnownByTheirOffsets() {
        FakeDebezium mysql = new FakeDebezium(topics, "mysql");
        mysql.insert(0x900, 1, 1);
        mysql.update(0x100, 1, 2);
        mysql.delete(0x100, 2);
        drain("upsert");
        drain("upsert");
        assertThat(store.rows(ROWS)).containsExactly("1|2");
    }

    private void flat(long id, Long amount) {
        topics.append(
                TOPIC,
                0,
                FakeSource.KEY,
                FakeSource.key(id),
                amount == null ? null : FLAT,
                amount == null ? null : new Struct(FLAT).put("id", id).put("amount", amount),
                List.of());
    }

    @Test
    void otherRecordsAreKnownByTheirOffsets() {
        flat(1, 1L);
        flat(2, 2L);
        flat(1, 10L);
        flat(2, null);
        for (int i = 0; i < 2; i++) {
            try (RunningSink sink = sink("append").pollRecords(1)) {
                sink.drain();
            }
        }
        assertThat(store.rows(LINES)).containsExactly("1|c|1", "2|c|2", "1|c|10", "2|d|");
        assertThat(store.value("SELECT source, complete_through_lsn FROM ledger_connect.status"))
                .isEqualTo("kafka/ledger.public.transfers|");
    }

    @Test
    void otherRecordsAreUpsertedAndDeleted() {
        flat(1, 1L);
        flat(2, 2L);
        flat(1, 10L);
        flat(2, null);
        drain("upsert");
        assertThat(store.rows(ROWS)).containsExactly("1|10");
    }

    @Test
    void otherTopicMadeAnewStopsTheTask() {
        flat(1, 1L);
        flat(2, 2L);
        drain("append");
        SinkRecord later = new SinkRecord(
                TOPIC,
                0,
                FakeSource.KEY,
                FakeSource.key(9),
                FLAT,
                new Struct(FLAT).put("id", 9L),
                0,
                5_000L,
                TimestampType.CREATE_TIME);
        try (RunningSink sink = sink("append")) {
            assertThatThrownBy(() -> sink.putOnce(List.of(later))).hasMessageContaining("the topic was made anew");
        }
    }

    private FakeSource goesOn(boolean snapshot) {
        return new FakeSource(topics, "slot", 0x200, snapshot);
    }

    @Test
    void sourceConnectorOfThisSuiteGoesOnWhereDebeziumEnded() {
        snapshotAndStream();
        drain("history");
        FakeSource source = goesOn(false);
        source.transaction(0x210).update(1, 12);
        source.transaction(0x220).insert(6, 60);
        source.watermark(0x220);
        drain("history");
        drain("history");
        assertThat(store.rows("SELECT id, amount FROM reporting.transfers WHERE _until_lsn IS NULL ORDER BY id"))
                .containsExactly("1|12", "3|3", "4|4", "5|50", "6|60");
        assertThat(
                        store.value(
                                "SELECT complete_through_lsn FROM ledger_connect.status WHERE source = '7345678901234567890/ledger'"))
                .isEqualTo("0/220");
    }

    @Test
    void snapshotOnTopOfDebeziumsRowsIsRefused() {
        snapshotAndStream();
        drain("upsert");
        goesOn(true).write(Operation.READ, 1, 11L, "note 1");
        try (RunningSink sink = sink("upsert")) {
            assertThatThrownBy(sink::drain)
                    .hasMessageContaining("rows that the ledger deleted in between would stay")
                    .hasMessageContaining("TRUNCATE \"reporting\".\"transfers\"");
        }
        store.execute("TRUNCATE reporting.transfers");
        drain("upsert");
        assertThat(store.rows(ROWS)).containsExactly("1|11");
    }

    @Test
    void recordOfDebeziumThatComesTooLateStopsTheTask() {
        snapshotAndStream();
        drain("upsert");
        goesOn(false).transaction(0x210).update(1, 12);
        drain("upsert");
        debezium.after(0x205).update(0x206, 1, 13);
        try (RunningSink sink = sink("upsert")) {
            assertThatThrownBy(sink::drain)
                    .hasMessageContaining("here is a record of Debezium's connector that was not applied before");
        }
    }
}
