package io.ledgerconnect.integration.faults;

import io.ledgerconnect.integration.TopicOrder;
import io.ledgerconnect.testbed.Server;
import io.ledgerconnect.testbed.Testbed;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.ledger.LedgerAudit;
import io.ledgerconnect.testbed.ledger.LedgerWorkload;
import io.ledgerconnect.testbed.ledger.WorkloadSettings;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import io.ledgerconnect.testbed.pipeline.PipelineSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Faults one after the other under a steady load, in an order and at moments that the seed decides. After each, the
 * reporting store must become complete through what was committed until then; no connector may have failed. Meanwhile
 * nothing may be said to be wrong ({@link Alarms}). At the end both sides must be equal, and every topic whole and in
 * order.
 */
final class FaultRun {
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final Duration AUDIT_PATIENCE = Duration.ofMinutes(5);

    private final FaultSettings settings;
    private final Consumer<String> out;
    private final Random random;

    private FaultRun(FaultSettings settings, Consumer<String> out) {
        this.settings = settings;
        this.out = out;
        this.random = new Random(settings.seed());
    }

    /**
     * Runs on servers of its own.
     *
     * @param out is told what is being done, a line at a time
     * @throws IllegalStateException when the pipeline does not recover from a fault
     */
    static FaultReport run(FaultSettings settings, Consumer<String> out) throws SQLException, InterruptedException {
        return new FaultRun(settings, out).run();
    }

    private FaultReport run() throws SQLException, InterruptedException {
        out.accept("Seed " + settings.seed() + ": each fault " + settings.times() + " times, at "
                + (long) settings.paymentsPerSecond() + " payments a second");
        try (Testbed testbed = Testbed.open()) {
            Pipeline pipeline = Pipeline.start(testbed, spec(), out);
            WorkloadSettings load = WorkloadSettings.defaults()
                    .withPaymentsPerSecond(settings.paymentsPerSecond())
                    .withSeed(settings.seed());
            try (LedgerWorkload workload = new LedgerWorkload(pipeline.app(), load)) {
                return run(pipeline, workload);
            }
        }
    }

    /**
     * Two workers, of which each takes over from the other as soon as its session of 6 s is over. One that is killed in
     * the middle of a rebalance is waited for as long as a rebalance may take.
     */
    private static PipelineSpec spec() {
        return PipelineSpec.defaults()
                .withWorkers(2)
                .withWorkerProperty("session.timeout.ms", "6000")
                .withWorkerProperty("heartbeat.interval.ms", "2000")
                .withWorkerProperty("rebalance.timeout.ms", "15000")
                .withWorkerProperty("scheduled.rebalance.max.delay.ms", "0");
    }

    private FaultReport run(Pipeline pipeline, LedgerWorkload workload) throws SQLException, InterruptedException {
        workload.openBooks();
        workload.start();
        pipeline.connectors().register();
        Recovery recovery = new Recovery(pipeline);
        recovery.await();
        List<Recovered> recovered = new ArrayList<>();
        AlarmCounts seen;
        try (Alarms alarms = Alarms.watch(pipeline, out)) {
            for (Fault fault : faults()) {
                Thread.sleep(random.nextLong(LONGEST_PAUSE_MILLIS));
                recovered.add(happen(fault, pipeline, recovery));
                out.accept(
                        String.format(Locale.ROOT, "%3d  %s", recovered.size(), recovered.get(recovered.size() - 1)));
            }
            seen = alarms.end();
        }
        workload.stop();
        out.accept("Payments have ended. Auditing ...");
        AuditReport audit = pipeline.audit().run(AUDIT_PATIENCE, LedgerAudit.Progress.NONE);
        recovery.checkConnectors();
        return new FaultReport(
                settings, recovered, workload.counts(), paymentsIn(pipeline), seen, audit, TopicOrder.read(pipeline));
    }

    private static long paymentsIn(Pipeline pipeline) throws SQLException {
        try (Connection ledger = pipeline.ledgerDatabase().connect()) {
            return LedgerWorkload.paymentsIn(ledger);
        }
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < settings.times(); i++) {
            faults.addAll(Arrays.asList(Fault.values()));
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    private Recovered happen(Fault fault, Pipeline pipeline, Recovery recovery)
            throws SQLException, InterruptedException {
        Server victim = fault.victim(pipeline, random);
        Duration length = fault.length(random);
        fault.strike(victim);
        Thread.sleep(length.toMillis());
        long mended = System.nanoTime();
        fault.mend(victim);
        Duration restart = Duration.ofNanos(System.nanoTime() - mended);
        Duration catchUp = recovery.await();
        return new Recovered(fault, victim.name(), length, restart, catchUp);
    }
}
