package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker that is killed while the first snapshot is read, and rows that change in the meantime. */
@ExtendWith(SharedPipeline.class)
final class SnapshotKilledIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, word text, version int NOT NULL DEFAULT 0";
    private static final int ROWS = 100_000;
    private static final int KILLS = 1;

    private final SharedPipeline.Bench bench;
    private final Pipeline pipeline;

    SnapshotKilledIT(SharedPipeline.Bench bench) {
        this.bench = bench;
        this.pipeline = bench.pipeline();
    }

    @Test
    void everyRowArrivesOnceAsItIsNow() throws Exception {
        ConnectWorker worker = bench.testbed().startConnect(pipeline.kafka(), ownGroup("snapshot-killed"));
        try (TableFlow upserted = TableFlow.create(pipeline, worker.rest(), "killed_upsert", COLUMNS);
                TableFlow appended = TableFlow.create(pipeline, worker.rest(), "killed_append", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            List<TableFlow> flows = List.of(upserted, appended);
            for (TableFlow flow : flows) {
                flow.ledger("INSERT INTO " + flow.table() + " SELECT g, 'word ' || g FROM generate_series(1, " + ROWS
                        + ") g");
            }
            // The sinks first: a snapshot of this size may be over before they run.
            upserted.start(upserted.sink(), upserted.sinkConfig());
            appended.start(appended.sink(), appended.appendingSinkConfig());
            for (TableFlow flow : flows) {
                flow.start(flow.source(), flow.sourceConfig());
            }
            for (int i = 1; i <= KILLS; i++) {
                for (TableFlow flow : flows) {
                    long most = i * 2_000L;
                    patiently("the snapshot of " + flow.table() + " goes on")
                            .until(() -> kafka.end(flow.topic()) > most);
                }
                worker.kill();
                for (TableFlow flow : flows) {
                    flow.ledger("DELETE FROM " + flow.table() + " WHERE id % 10 = " + i);
                    flow.ledger("UPDATE " + flow.table() + " SET version = " + i + " WHERE id % 7 = " + i);
                }
                worker.start();
            }
            AuditReport report = upserted.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
            appended.awaitComplete();
            // Both ledger tables had the same rows and changes.
            assertThat(appended.askReporting(
                            "SELECT count(*) - count(DISTINCT (id, _lsn)) FROM reporting.killed_append"))
                    .as("changes written twice")
                    .isEqualTo("0");
            assertThat(appended.askReporting("SELECT count(*) FROM (SELECT DISTINCT ON (id) id, word, version, _op"
                            + " FROM reporting.killed_append ORDER BY id, _lsn DESC) a"
                            + " FULL JOIN reporting.killed_upsert u USING (id)"
                            + " WHERE CASE WHEN a._op = 'd' THEN u.id IS NOT NULL"
                            + " ELSE (a.word, a.version) IS DISTINCT FROM (u.word, u.version) END"))
                    .as("rows whose last change is not what they are")
                    .isEqualTo("0");
            int attempts = 0;
            for (TableFlow flow : flows) {
                attempts += Integer.parseInt(
                        flow.askReporting("SELECT count(*) FROM ledger_connect.stream WHERE state = 'active'"
                                + " AND pipeline = '" + flow.table() + "'"));
            }
            assertThat(attempts).as("attempts at two snapshots").isGreaterThan(2);
        } finally {
            worker.stop();
        }
    }

    /** Connect stores offsets once a minute by default; until then nobody remembers that there was a snapshot. */
    @Test
    void changesAreAllThereThoughTheSnapshotsOffsetWasNotStored() throws Exception {
        ConnectSpec rarely = ownGroup("snapshot-forgotten").withProperty("offset.flush.interval.ms", "600000");
        ConnectWorker worker = bench.testbed().startConnect(pipeline.kafka(), rarely);
        try (TableFlow upserted = TableFlow.create(pipeline, worker.rest(), "forgotten_upsert", COLUMNS);
                TableFlow appended = TableFlow.create(pipeline, worker.rest(), "forgotten_append", COLUMNS)) {
            List<TableFlow> flows = List.of(upserted, appended);
            for (TableFlow flow : flows) {
                flow.ledger("INSERT INTO " + flow.table() + " SELECT g, 'word ' || g FROM generate_series(1, 100) g");
                flow.startSource();
            }
            upserted.start(upserted.sink(), upserted.sinkConfig());
            appended.start(appended.sink(), appended.appendingSinkConfig());
            for (TableFlow flow : flows) {
                flow.ledger("UPDATE " + flow.table() + " SET version = 1 WHERE id % 7 = 1");
                flow.awaitComplete();
            }
            worker.kill();
            for (TableFlow flow : flows) {
                flow.ledger("UPDATE " + flow.table() + " SET version = 2 WHERE id % 7 < 2");
                flow.ledger("DELETE FROM " + flow.table() + " WHERE id % 10 = 1");
            }
            worker.start();
            AuditReport report = upserted.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
            appended.awaitComplete();
            assertThat(appended.askReporting("SELECT string_agg(_op || ' ' || n, ', ' ORDER BY _op) FROM ("
                            + "SELECT _op, count(*) AS n FROM reporting.forgotten_append GROUP BY _op) ops"))
                    .as("every change once")
                    .isEqualTo("d 10, r 100, u 44");
        } finally {
            worker.stop();
        }
    }

    private ConnectSpec ownGroup(String name) {
        return pipeline.workerSpec()
                .withProperty("group.id", name)
                .withProperty("config.storage.topic", name + "-configs")
                .withProperty("offset.storage.topic", name + "-offsets")
                .withProperty("status.storage.topic", name + "-status");
    }
}
