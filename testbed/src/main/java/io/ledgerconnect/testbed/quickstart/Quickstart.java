package io.ledgerconnect.testbed.quickstart;

import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.Testbed;
import io.ledgerconnect.testbed.TestbedException;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import io.ledgerconnect.testbed.ledger.LedgerWorkload;
import io.ledgerconnect.testbed.ledger.SinkStatus;
import io.ledgerconnect.testbed.ledger.WorkloadSettings;
import io.ledgerconnect.testbed.pipeline.Connectors;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import io.ledgerconnect.testbed.pipeline.PipelineException;
import io.ledgerconnect.testbed.pipeline.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows payments on their way from a ledger through Kafka into a reporting store, and audits what arrived.
 *
 * <p>Ends with status 0 if the audit finds everything complete and equal, with 1 if it does not, with 2 if it did not
 * come to an audit, and with 130 when it is interrupted before there is something to audit, or twice.
 */
public final class Quickstart {
    private static final int NOT_EQUAL = 1;
    private static final int FAILED = 2;

    /** Whatever was written in the meantime has been captured and applied long before. */
    private static final Duration AUDIT_PATIENCE = Duration.ofMinutes(15);

    private static final int KEPT_LOG_LINES = 5000;

    private final Options options;
    private final Terminal terminal;
    private final Path projectRoot;
    private final CountDownLatch enough = new CountDownLatch(1);

    private Quickstart(Options options, Terminal terminal, Path projectRoot) {
        this.options = options;
        this.terminal = terminal;
        this.projectRoot = projectRoot;
    }

    /** Runs the quickstart of the project that the working directory belongs to. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.standard();
        int status = FAILED;
        try {
            Options options = Options.parse(List.of(arguments));
            if (options.help()) {
                terminal.println(Options.USAGE);
                status = 0;
            } else {
                status = new Quickstart(options, terminal, LedgerSql.projectRoot()).run(Interrupts.install());
            }
        } catch (RuntimeException | SQLException e) {
            terminal.println(explanation(e));
        } catch (InterruptedException e) {
            terminal.println("Interrupted.");
        }
        System.exit(status);
    }

    private static String explanation(Exception e) {
        StringBuilder text = new StringBuilder("The quickstart ends: ").append(message(e));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n  because: ").append(message(cause));
        }
        return text.toString();
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private int run(Interrupts interrupts) throws SQLException, InterruptedException {
        try (Testbed testbed = Testbed.open()) {
            Pipeline pipeline = Pipeline.start(testbed, PipelineSpec.of(projectRoot), terminal::println);
            WorkloadSettings settings = WorkloadSettings.defaults()
                    .withPaymentsPerSecond(options.paymentsPerSecond())
                    .withSeed(options.seed());
            try (LedgerWorkload workload = new LedgerWorkload(pipeline.app(), settings)) {
                AuditReport report = show(pipeline, workload, interrupts);
                Evidence evidence = Evidence.of(pipeline, projectRoot);
                terminal.println("ledger-connect audit: " + evidence.said() + " The evidence: "
                        + projectRoot.relativize(evidence.page()));
                return report.isClean() && evidence.isEqual() ? 0 : NOT_EQUAL;
            } catch (PipelineException | TestbedException e) {
                keepLog(pipeline.workers().get(0));
                throw e;
            }
        } finally {
            terminal.println("Everything is stopped and removed.");
        }
    }

    /** The worker's files go with the testbed. */
    private void keepLog(ConnectWorker worker) {
        Path log = projectRoot.resolve("target").resolve("quickstart-worker.log");
        try {
            Files.createDirectories(log.getParent());
            Files.writeString(log, worker.logTail(KEPT_LOG_LINES));
            terminal.println("The worker's log is kept in " + projectRoot.relativize(log));
        } catch (IOException e) {
            terminal.println("The worker's log cannot be kept: " + e.getMessage());
        }
    }

    private AuditReport show(Pipeline pipeline, LedgerWorkload workload, Interrupts interrupts)
            throws SQLException, InterruptedException {
        terminal.println(
                "Opening accounts, and making " + (long) options.paymentsPerSecond() + " payments a second ...");
        workload.openBooks();
        workload.start();
        Connectors connectors = register(pipeline);
        terminal.println(Invitation.of(pipeline));
        terminal.println(length());
        interrupts.onFirst(enough::countDown);
        watch(pipeline, workload, connectors);
        return audit(pipeline, workload, connectors);
    }

    private Connectors register(Pipeline pipeline) {
        Connectors connectors = pipeline.connectors();
        terminal.println("Registering config/source.json and config/sink.json at "
                + pipeline.workers().get(0).restUrl() + " ...");
        connectors.register();
        return connectors;
    }

    private String length() {
        return options.length()
                .map(length -> "An audit follows after " + length.toSeconds() + " seconds, or at Ctrl-C.")
                .orElse("Ctrl-C ends the payments with an audit, a second Ctrl-C without.");
    }

    private void watch(Pipeline pipeline, LedgerWorkload workload, Connectors connectors)
            throws SQLException, InterruptedException {
        try (FlowMeter meter = new FlowMeter(pipeline, workload)) {
            Flow first = meter.read();
            Flow last = first;
            Duration running = Duration.ZERO;
            while (!isEnough(running) && workload.failure().isEmpty()) {
                connectors.check();
                Flow flow = meter.read();
                running = Duration.ofNanos(flow.nanos() - first.nanos());
                terminal.show(flow.since(last, running));
                last = flow;
            }
        }
    }

    private boolean isEnough(Duration running) throws InterruptedException {
        boolean over = options.length().isPresent()
                && running.compareTo(options.length().get()) >= 0;
        return over || enough.await(1, TimeUnit.SECONDS);
    }

    private AuditReport audit(Pipeline pipeline, LedgerWorkload workload, Connectors connectors)
            throws SQLException, InterruptedException {
        workload.stop();
        terminal.println("Payments have ended. Waiting for the reporting store to be complete ...");
        AuditReport report = pipeline.audit().run(AUDIT_PATIENCE, (position, status) -> {
            connectors.check();
            terminal.show("ledger at " + position.lsn() + ", reporting store complete through "
                    + status.map(SinkStatus::completeThrough).orElse("nothing yet"));
        });
        terminal.println("");
        terminal.println(report.toString());
        return report;
    }
}
