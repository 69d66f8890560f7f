package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A snapshot that is asked for over REST while the stream goes on, and a worker that is killed meanwhile. */
@ExtendWith(SharedPipeline.class)
final class RequestedSnapshotIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, word text, version int NOT NULL DEFAULT 0";
    private static final int ROWS = 200_000;

    private final SharedPipeline.Bench bench;
    private final Pipeline pipeline;

    RequestedSnapshotIT(SharedPipeline.Bench bench) {
        this.bench = bench;
        this.pipeline = bench.pipeline();
    }

    @Test
    void everyRowArrivesOnceAsItIsNow() throws Exception {
        ConnectWorker worker = bench.testbed().startConnect(pipeline.kafka(), ownGroup("snapshot-requested"));
        try (TableFlow upserted = TableFlow.create(pipeline, worker.rest(), "asked_upsert", COLUMNS);
                TableFlow appended = TableFlow.create(pipeline, worker.rest(), "asked_append", COLUMNS);
                Kafka kafka = new Kafka(pipeline.kafka())) {
            List<TableFlow> flows = List.of(upserted, appended);
            for (TableFlow flow : flows) {
                flow.ledger("INSERT INTO " + flow.table() + " SELECT g, 'word ' || g FROM generate_series(1, " + ROWS
                        + ") g");
                Map<String, String> withoutRows = flow.sourceConfig();
                withoutRows.put("snapshot.mode", "no_data");
                flow.startSource(withoutRows);
            }
            upserted.start(upserted.sink(), upserted.sinkConfig());
            appended.start(appended.sink(), appended.appendingSinkConfig());
            for (TableFlow flow : flows) {
                Map<String, String> asking = flow.sourceConfig();
                asking.put("snapshot.mode", "no_data");
                asking.put("snapshot.request.id", "all of it");
                asking.put("snapshot.request.tables", "public\\..*");
                worker.rest().putConnector(flow.source(), asking);
            }
            for (TableFlow flow : flows) {
                patiently("the snapshot of " + flow.table() + " goes on").until(() -> kafka.end(flow.topic()) > 5_000);
            }
            worker.kill();
            for (TableFlow flow : flows) {
                flow.ledger("DELETE FROM " + flow.table() + " WHERE id % 10 = 1");
                flow.ledger("UPDATE " + flow.table() + " SET version = 1 WHERE id % 7 = 1");
            }
            worker.start();
            for (TableFlow flow : flows) {
                patiently("the snapshot of " + flow.table() + " is read")
                        .until(() ->
                                rowsOf(flow) >= Long.parseLong(flow.askLedger("SELECT count(*) FROM " + flow.table())));
                flow.ledger("UPDATE " + flow.table() + " SET version = 2 WHERE id % 1000 = 0");
            }
            AuditReport report = upserted.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
            appended.awaitComplete();
            assertThat(
                            appended.askReporting(
                                    "SELECT count(*) - count(DISTINCT (id, version)) FROM reporting.asked_append WHERE _op = 'r'"))
                    .as("rows read twice, though nobody changed them")
                    .isEqualTo("0");
        } finally {
            worker.stop();
        }
    }

    private static long rowsOf(TableFlow flow) throws Exception {
        String table = "reporting." + flow.table();
        boolean isThere = flow.askReporting("SELECT to_regclass('" + table + "') IS NOT NULL")
                .equals("t");
        return isThere ? Long.parseLong(flow.askReporting("SELECT count(DISTINCT id) FROM " + table)) : 0;
    }

    private ConnectSpec ownGroup(String name) {
        return pipeline.workerSpec()
                .withProperty("group.id", name)
                .withProperty("config.storage.topic", name + "-configs")
                .withProperty("offset.storage.topic", name + "-offsets")
                .withProperty("status.storage.topic", name + "-status");
    }
}
