package io.ledgerconnect.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.ledgerconnect.testbed.ServerUsage;
import io.ledgerconnect.testbed.TestbedException;
import io.ledgerconnect.testbed.process.Polling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.utility.LogUtils;

/** A server's container, from start to start. Calls that change it take turns; the others never wait. */
final class Container {

    /** Ten times what the slowest takes on an idle machine of two cores. */
    private static final Duration START = Duration.ofSeconds(150);

    /** PostgreSQL waits for its replication clients, of whom it despairs after 60 s. */
    private static final Duration STOP = Duration.ofSeconds(90);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final int LOG_LINES_IN_MESSAGES = 60;

    private final DockerClient client;
    private final String name;
    private final String id;
    private final String stopSignal;

    Container(DockerClient client, String name, String id, String stopSignal) {
        this.client = client;
        this.name = name;
        this.id = id;
        this.stopSignal = stopSignal;
    }

    String name() {
        return name;
    }

    /** Puts a file into the container, running or not. */
    synchronized void write(String path, String content) {
        try {
            client.copyArchiveToContainerCmd(id)
                    .withTarInputStream(FileArchive.of(path, content))
                    .withRemotePath("/")
                    .exec();
        } catch (DockerException refused) {
            throw new TestbedException(name + " does not take the file " + path, refused);
        }
    }

    /** Starts it and waits until {@code ready}, which is given what it has logged since, says that it serves. */
    synchronized void start(Predicate<String> ready) {
        if (isRunning()) {
            throw new IllegalStateException(name + " is running");
        }
        try {
            int logStart = log().length();
            client.startContainerCmd(id).exec();
            Polling.every(POLL_INTERVAL).atMost(START).until(() -> isReady(logStart, ready));
        } catch (DockerException refused) {
            throw new TestbedException(name + " cannot be started: " + refused.getMessage(), refused);
        } catch (ConditionTimeoutException late) {
            kill();
            throw failure("is not ready after " + START, late);
        }
    }

    synchronized void stop() {
        if (isRunning()) {
            resume();
            signal(stopSignal);
        }
    }

    synchronized void kill() {
        if (isRunning()) {
            signal("KILL");
        }
    }

    synchronized void pause() {
        if (isRunning() && !isPaused()) {
            client.pauseContainerCmd(id).exec();
        }
    }

    synchronized void resume() {
        if (isPaused()) {
            client.unpauseContainerCmd(id).exec();
        }
    }

    boolean isRunning() {
        return state().filter(state -> Boolean.TRUE.equals(state.getRunning())).isPresent();
    }

    ServerUsage usage() {
        return ContainerUsage.of(client, id);
    }

    String logTail(int lines) {
        List<String> all = log().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    private boolean isReady(int logStart, Predicate<String> ready) {
        if (!isRunning()) {
            throw failure("ended with status " + exitStatus() + " while it was starting", null);
        }
        return ready.test(log().substring(logStart));
    }

    /** Sends a signal that ends the server, and waits for its end. */
    private void signal(String signal) {
        try {
            client.killContainerCmd(id).withSignal(signal).exec();
        } catch (DockerException refused) {
            // It may have ended by itself since it was looked at; if not, the wait ends in a failure.
            if (isRunning()) {
                throw new TestbedException(name + " does not take the signal " + signal, refused);
            }
        }
        try {
            Polling.every(POLL_INTERVAL).atMost(STOP).until(() -> !isRunning());
        } catch (ConditionTimeoutException late) {
            throw failure("has not stopped after " + STOP, late);
        }
    }

    private boolean isPaused() {
        return state().filter(state -> Boolean.TRUE.equals(state.getPaused())).isPresent();
    }

    private String exitStatus() {
        return state().map(ContainerState::getExitCodeLong)
                .map(Object::toString)
                .orElse("unknown");
    }

    /** Empty when it has been removed. */
    private Optional<ContainerState> state() {
        try {
            return Optional.of(client.inspectContainerCmd(id).exec().getState());
        } catch (NotFoundException removed) {
            return Optional.empty();
        }
    }

    /** All that it has logged since it was created. */
    private String log() {
        return LogUtils.getOutput(client, id);
    }

    private TestbedException failure(String what, Throwable cause) {
        return new TestbedException(
                name + " " + what + ". The end of its log:\n" + logTail(LOG_LINES_IN_MESSAGES), cause);
    }
}
