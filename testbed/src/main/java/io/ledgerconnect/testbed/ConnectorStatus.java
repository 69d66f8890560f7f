package io.ledgerconnect.testbed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of a connector and its tasks as a worker reports it.
 *
 * @param name the connector's name
 * @param connector the state of the connector itself
 * @param tasks the state of each task
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectorStatus(String name, Part connector, List<Task> tasks) {

    /** Whether the connector and at least one task run, and nothing does not. */
    public boolean isRunning() {
        return !tasks.isEmpty() && states().allMatch("RUNNING"::equals);
    }

    /** Whether the connector or a task has failed. */
    public boolean isFailed() {
        return states().anyMatch("FAILED"::equals);
    }

    /** Whether the connector is stopped and has no tasks any more. */
    public boolean isStopped() {
        return tasks.isEmpty() && "STOPPED".equals(connector.state());
    }

    /** The first stack trace that the connector or a task failed with. */
    public Optional<String> failure() {
        return Stream.concat(Stream.of(connector.trace()), tasks.stream().map(Task::trace))
                .map(trace -> Objects.requireNonNullElse(trace, ""))
                .filter(trace -> !trace.isEmpty())
                .findFirst();
    }

    private Stream<String> states() {
        return Stream.concat(Stream.of(connector.state()), tasks.stream().map(Task::state));
    }

    /** The connector's own state; {@code trace} is null unless it failed. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Part(
            String state, @JsonProperty("worker_id") String workerId, String trace) {}

    /** A task's state; {@code trace} is null unless it failed. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Task(
            int id, String state, @JsonProperty("worker_id") String workerId, String trace) {}
}
