package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A source that cannot know that nothing is missing does not go on. */
@ExtendWith(SharedPipeline.class)
final class SourceSafetyIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, word text";

    private final SharedPipeline.Bench bench;
    private final Pipeline pipeline;

    SourceSafetyIT(SharedPipeline.Bench bench) {
        this.bench = bench;
        this.pipeline = bench.pipeline();
    }

    @Test
    void stopsWhenItsSlotIsGoneAndDoesNotMakeAnother() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "slot_gone", COLUMNS)) {
            runAndStop(flow);
            flow.ledger("SELECT pg_drop_replication_slot('slot_gone')");
            flow.ledger("INSERT INTO slot_gone VALUES (2, 'lost')");

            pipeline.rest().resume(flow.source());
            assertThat(flow.awaitFailure(flow.source()))
                    .contains("Replication slot slot_gone is gone, but this capture has an offset at ")
                    .contains("may be missing");
            assertNoSlot(flow);
            pipeline.rest().restart(flow.source());
            assertThat(flow.awaitFailure(flow.source())).contains("Replication slot slot_gone is gone");
            assertNoSlot(flow);
        }
    }

    @Test
    void stopsWhenItsSlotIsAheadOfTheStoredOffset() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "slot_ahead", COLUMNS)) {
            runAndStop(flow);
            flow.ledger("INSERT INTO slot_ahead VALUES (2, 'lost')");
            flow.ledger("SELECT pg_replication_slot_advance('slot_ahead', pg_current_wal_lsn())");
            String confirmed = flow.askLedger(
                    "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'slot_ahead'");

            pipeline.rest().resume(flow.source());
            assertThat(flow.awaitFailure(flow.source()))
                    .contains("Replication slot slot_ahead stands at " + confirmed + ", after the stored offset ")
                    .contains("are missing");
        }
    }

    @Test
    void beginsAnewAfterItsOffsetsAreDeleted() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "begun_anew", COLUMNS)) {
            runAndStop(flow);
            flow.ledger("SELECT pg_drop_replication_slot('begun_anew')");
            flow.ledger("INSERT INTO begun_anew VALUES (2, 'two')");
            pipeline.rest().deleteOffsets(flow.source());
            flow.resume(flow.source());
            // The topic still has the first capture, which the sink meets first.
            Map<String, String> replacing = flow.sinkConfig();
            replacing.put("resnapshot.mode", "replace");
            flow.start(flow.sink(), replacing);
            AuditReport report = flow.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
        }
    }

    @Test
    void takesOffsetsOverRestOnlyAsTheyWereStored() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "put_back", COLUMNS)) {
            runAndStop(flow);
            flow.ledger("INSERT INTO put_back VALUES (2, 'two')");
            JsonNode stored = pipeline.rest().offsets(flow.source());
            JsonNode edited = stored.deepCopy();
            ((ObjectNode) edited.at("/offsets/0/offset")).put("sequences", "");
            assertThatThrownBy(() -> pipeline.rest().alterOffsets(flow.source(), edited))
                    .hasMessageContaining("was edited after it was stored")
                    .hasMessageContaining("the stored offset stays as it is");
            assertThat(pipeline.rest().offsets(flow.source())).isEqualTo(stored);

            pipeline.rest().alterOffsets(flow.source(), stored);
            flow.resume(flow.source());
            flow.startSink();
            AuditReport report = flow.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
        }
    }

    @Test
    void writesInKafkaTransactionsThatEndWhereTheLedgersDo() throws Exception {
        ConnectWorker worker = bench.testbed().startConnect(pipeline.kafka(), exactlyOnce());
        try (TableFlow flow = TableFlow.create(pipeline, worker.rest(), "exactly_once", COLUMNS)) {
            Map<String, String> source = flow.sourceConfig();
            source.put("exactly.once.support", "required");
            source.put("transaction.boundary", "connector");
            source.put("topic.creation.default.partitions", "1");
            flow.ledger("INSERT INTO exactly_once SELECT g, 'before ' || g FROM generate_series(1, 1000) g");
            flow.startSource(source);
            flow.startSink();
            flow.ledger("INSERT INTO exactly_once SELECT g, 'after ' || g FROM generate_series(1001, 3000) g");
            flow.awaitComplete();
            worker.kill();
            flow.ledger("UPDATE exactly_once SET word = word || '!' WHERE id <= 500");
            worker.start();
            flow.ledger("DELETE FROM exactly_once WHERE id > 2900");
            AuditReport report = flow.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
            try (Kafka kafka = new Kafka(pipeline.kafka())) {
                assertThat(kafka.readAll(flow.topic()))
                        .as("records of committed transactions: nothing comes twice, each delete has a tombstone")
                        .hasSize(3000 + 500 + 2 * 100);
            }
        } finally {
            worker.stop();
        }
    }

    private ConnectSpec exactlyOnce() {
        return pipeline.workerSpec()
                .withProperty("exactly.once.source.support", "enabled")
                .withProperty("group.id", "exactly-once")
                .withProperty("config.storage.topic", "exactly-once-configs")
                .withProperty("offset.storage.topic", "exactly-once-offsets")
                .withProperty("status.storage.topic", "exactly-once-status");
    }

    /** Captures a row, and stops with its offset stored. */
    private void runAndStop(TableFlow flow) throws SQLException {
        flow.startSource();
        flow.ledger("INSERT INTO " + flow.table() + " VALUES (1, 'one')");
        try (Kafka kafka = new Kafka(pipeline.kafka())) {
            patiently("one record").until(() -> kafka.end(flow.topic()) == 1);
        }
        flow.stop(flow.source());
        patiently("the offset is stored")
                .until(() ->
                        !pipeline.rest().offsets(flow.source()).path("offsets").isEmpty());
        patiently("the slot is released")
                .until(() -> "f"
                        .equals(flow.askLedger(
                                "SELECT active FROM pg_replication_slots WHERE slot_name = '" + flow.table() + "'")));
    }

    private static void assertNoSlot(TableFlow flow) throws SQLException {
        assertThat(flow.askLedger("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + flow.table() + "'"))
                .isEqualTo("0");
    }
}
