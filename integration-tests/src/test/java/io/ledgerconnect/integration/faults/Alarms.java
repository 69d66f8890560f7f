package io.ledgerconnect.integration.faults;

import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.LedgerConnect;
import io.ledgerconnect.testbed.pipeline.Connectors;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine;

/**
 * Does while faults happen what an operator's monitoring does: reads the status, and audits under load. Nothing is ever
 * lost, so whatever is said to be wrong is a false alarm. That something cannot be asked while its server is away is
 * none.
 */
final class Alarms implements AutoCloseable {
    private static final Duration BETWEEN_STATUSES = Duration.ofMillis(200);
    private static final Duration BETWEEN_AUDITS = Duration.ofSeconds(20);
    /** Longer than the longest recovery, so that an audit does not run out of patience before the run does. */
    private static final String AUDIT_PATIENCE = "5m";

    private static final Duration END = Duration.ofMinutes(12);

    private final Pipeline pipeline;
    private final Consumer<String> out;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> falseAlarms = new ArrayList<>();
    private long statuses;
    private int audits;
    private int equal;
    private int cutOff;

    private Alarms(Pipeline pipeline, Consumer<String> out) {
        this.pipeline = pipeline;
        this.out = out;
    }

    /**
     * Begins to watch a pipeline that has been complete once.
     *
     * @param out is told of each alarm, and of each audit that was cut off
     */
    static Alarms watch(Pipeline pipeline, Consumer<String> out) throws SQLException {
        StatusAlarms status = StatusAlarms.of(
                pipeline.ledgerDatabase(),
                pipeline.reportingDatabase(),
                pipeline.connectors().pipelineName());
        Alarms alarms = new Alarms(pipeline, out);
        alarms.start("alarms-status", () -> alarms.readStatuses(status));
        alarms.start("alarms-audit", alarms::audit);
        return alarms;
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void start(String name, Work work) {
        Thread thread = new Thread(() -> guarded(work), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            alarm("the watch itself has ended: " + e);
        }
    }

    private void readStatuses(StatusAlarms status) throws InterruptedException {
        try (status) {
            while (!endsWithin(BETWEEN_STATUSES)) {
                status.read().ifPresent(alarms -> {
                    count();
                    alarms.forEach(this::alarm);
                });
            }
        }
    }

    /** The last audit begins when the faults are over. */
    private void audit() throws InterruptedException {
        long begun;
        do {
            begun = System.nanoTime();
            auditOnce();
        } while (!endsWithin(BETWEEN_AUDITS.minusNanos(System.nanoTime() - begun)));
        auditOnce();
    }

    private boolean endsWithin(Duration wait) throws InterruptedException {
        return ended.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As an operator would, at one worker after the other. */
    private void auditOnce() {
        StringWriter said = new StringWriter();
        CommandLine command = LedgerConnect.commandLine(pipeline.workerSpec().environment()::get)
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true));
        int status = command.execute(
                "audit",
                "--connect",
                pipeline.workers()
                        .get(audits++ % pipeline.workers().size())
                        .restUrl()
                        .toString(),
                "--connector",
                Connectors.SINK,
                "--source-connector",
                Connectors.SOURCE,
                "--timeout",
                AUDIT_PATIENCE,
                "--quiet");
        audited(status, said.toString().strip());
    }

    /** The status for "could not be asked" is that of a command that has failed as well: that one says so. */
    private synchronized void audited(int status, String said) {
        if (status == ExitStatus.OK) {
            equal++;
        } else if (status == ExitStatus.ERROR && !said.contains("should not have happened")) {
            cutOff++;
            out.accept("     audit cut off: " + said);
        } else {
            alarm("the audit ends with " + status + ": " + said);
        }
    }

    private synchronized void count() {
        statuses++;
    }

    private synchronized void alarm(String sentence) {
        falseAlarms.add(sentence);
        out.accept("     FALSE ALARM: " + sentence);
    }

    /** Ends the watch, with an audit more. */
    AlarmCounts end() throws InterruptedException {
        ended.countDown();
        for (Thread thread : threads) {
            thread.join(END.toMillis());
            if (thread.isAlive()) {
                alarm(thread.getName() + " has not ended within " + END);
            }
        }
        synchronized (this) {
            return new AlarmCounts(statuses, equal, cutOff, falseAlarms);
        }
    }

    /** Ends the watch, whatever it is at. */
    @Override
    public void close() {
        ended.countDown();
        threads.forEach(Thread::interrupt);
    }
}
