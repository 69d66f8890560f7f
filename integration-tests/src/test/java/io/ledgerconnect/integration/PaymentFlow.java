package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.PATIENCE;
import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.ledger.LedgerWorkload;
import io.ledgerconnect.testbed.ledger.WorkloadSettings;
import io.ledgerconnect.testbed.pipeline.Connectors;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.SQLException;

/** What must hold of a pipeline on whatever PostgreSQL. */
final class PaymentFlow {
    private static final int BEFORE = 300;
    private static final int DURING = 1500;

    private PaymentFlow() {}

    /** Payments before, during and after the start of both connectors; then the audit. */
    static void carriesPayments(Pipeline pipeline) throws SQLException, InterruptedException {
        WorkloadSettings settings = WorkloadSettings.defaults().withPaymentsPerSecond(200);
        Connectors connectors = pipeline.connectors();
        try (LedgerWorkload workload = new LedgerWorkload(pipeline.app(), settings)) {
            workload.openBooks();
            workload.start();
            awaitPayments(workload, BEFORE);
            // While payments go on: the snapshot and the stream meet under load.
            connectors.register();
            awaitPayments(workload, workload.counts().payments() + DURING);
            workload.stop();
            assertThat(workload.counts())
                    .as("every kind of change has happened")
                    .satisfies(
                            counts -> assertThat(counts.settled()).isPositive(),
                            counts -> assertThat(counts.purged()).isPositive(),
                            counts -> assertThat(counts.merchantUpdates()).isPositive(),
                            counts -> assertThat(counts.declined()).isPositive());
        }
        AuditReport report = pipeline.audit().run(PATIENCE, (position, status) -> connectors.check());
        assertThat(report.differences()).as(report.toString()).isEmpty();
        TopicOrder order = TopicOrder.read(pipeline);
        assertThat(order.violations()).isEmpty();
        assertThat(order.records()).isGreaterThan(7 * DURING);
    }

    private static void awaitPayments(LedgerWorkload workload, long count) {
        patiently(count + " payments")
                .until(() -> workload.failure().isPresent() || workload.counts().payments() >= count);
        assertThat(workload.failure()).isEmpty();
    }

    /** A table with every type that ledgers use: rows from before, then inserts, updates and deletes. */
    static void carriesEveryType(Pipeline pipeline) throws SQLException, InterruptedException {
        try (TableFlow flow = EveryType.create(pipeline)) {
            flow.ledger(EveryType.insert(1, 40));
            flow.startSource();
            flow.startSink();
            flow.awaitComplete();
            flow.ledger(EveryType.insert(41, 60));
            flow.ledger(EveryType.update("id % 3 = 0"));
            flow.ledger("DELETE FROM " + EveryType.TABLE + " WHERE id % 5 = 0");
            flow.ledger("INSERT INTO " + EveryType.TABLE + " (id) VALUES (5), (1000)");
            AuditReport report = flow.audit();
            assertThat(report.differences()).as(report.toString()).isEmpty();
            assertThat(report.tables().get(0).reporting().rows()).isEqualTo(48 + 2);
        }
    }
}
