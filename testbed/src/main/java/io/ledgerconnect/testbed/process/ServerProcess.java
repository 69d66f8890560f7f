package io.ledgerconnect.testbed.process;

import io.ledgerconnect.testbed.ServerUsage;
import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A server's process, from start to start. Calls that change it take turns; the others never wait. */
public final class ServerProcess {

    /** Ten times what the slowest takes on an idle machine of two cores. */
    private static final Duration START = Duration.ofSeconds(150);

    /**
     * PostgreSQL waits for its replication clients, of whom it despairs after 60 s. A worker that is in the middle of a
     * rebalance waits for its end (60 s) before it stops its tasks.
     */
    private static final Duration STOP = Duration.ofMinutes(3);

    private static final int LOG_LINES_IN_MESSAGES = 60;

    private final String name;
    private final Path directory;
    private final Path log;
    private final Launch launch;
    private final ProcessesIn processes;
    private volatile Process process;

    /** A server that works in the given directory and is not started yet. */
    public ServerProcess(Path directory, Launch launch) {
        this.name = directory.getFileName().toString();
        this.directory = directory;
        this.log = directory.resolve("log");
        this.launch = launch;
        this.processes = new ProcessesIn(directory);
    }

    public String name() {
        return name;
    }

    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " is running");
        }
        long logStart = logSize();
        process = spawn();
        try {
            Polling.every(Duration.ofMillis(50)).atMost(START).until(() -> isReady(logStart));
        } catch (ConditionTimeoutException late) {
            processes.kill();
            throw failure("is not ready after " + START, late);
        }
    }

    public synchronized void stop() {
        if (!isRunning()) {
            return;
        }
        resume();
        ProcessesIn.signal(launch.stopSignal(), List.of(process.pid()));
        if (!ended(STOP)) {
            throw failure("has not stopped after " + STOP, null);
        }
        // What it may have left behind must not hold on to its data.
        processes.kill();
    }

    public synchronized void kill() {
        processes.kill();
        if (process != null) {
            ended(STOP);
        }
    }

    public synchronized void pause() {
        processes.freeze();
    }

    public synchronized void resume() {
        processes.thaw();
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    public List<Long> pids() {
        return processes.pids();
    }

    public ServerUsage usage() {
        return processes.usage();
    }

    public String logTail(int lines) {
        List<String> all = logSince(0).lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    private Process spawn() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(launch.command());
        // A session of its own: a Ctrl-C in the terminal is for the testbed, which then decides.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().putAll(Map.of("LANG", "C.UTF-8", "HOME", directory.toString()));
        builder.environment().putAll(launch.environment());
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new TestbedException(name + " cannot be started: " + command.get(1), failed);
        }
    }

    private boolean isReady(long logStart) {
        if (!process.isAlive()) {
            processes.kill();
            throw failure("ended with status " + process.exitValue() + " while it was starting", null);
        }
        return launch.isReady(logSince(logStart));
    }

    private boolean ended(Duration patience) {
        try {
            return process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TestbedException("Interrupted while waiting for the end of " + name, interrupted);
        }
    }

    private TestbedException failure(String what, Throwable cause) {
        return new TestbedException(
                name + " " + what + ". The end of its log:\n" + logTail(LOG_LINES_IN_MESSAGES), cause);
    }

    private long logSize() {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String logSince(long offset) {
        if (!Files.exists(log)) {
            return "";
        }
        try (var file = Files.newByteChannel(log)) {
            file.position(offset);
            return new String(Channels.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
