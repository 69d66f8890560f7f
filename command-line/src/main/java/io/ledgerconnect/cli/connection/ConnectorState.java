package io.ledgerconnect.cli.connection;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker says of a connector.
 *
 * @param state of the connector, such as {@code RUNNING}
 * @param tasks the states of its tasks
 * @param failure the first failure's sentence, without its stack
 */
public record ConnectorState(String state, List<String> tasks, Optional<String> failure) {
    private static final String RUNNING = "RUNNING";
    private static final String FAILED = "FAILED";
    /** A sink task's trace begins with a line of Connect's own. */
    private static final Pattern CAUSE = Pattern.compile("^Caused by: [\\w.$]+: (.*)$", Pattern.MULTILINE);

    public ConnectorState {
        tasks = List.copyOf(tasks);
    }

    static ConnectorState of(JsonNode status) {
        JsonNode connector = status.path("connector");
        List<String> tasks = new ArrayList<>();
        Optional<String> failure = failure(connector);
        for (JsonNode task : status.path("tasks")) {
            tasks.add(task.path("state").asText());
            failure = failure.or(() -> failure(task));
        }
        return new ConnectorState(connector.path("state").asText(), tasks, failure);
    }

    /** Whether it does nothing, or not all that it should, until somebody acts. */
    public boolean hasStopped() {
        return tasks.contains(FAILED)
                || tasks.contains("PAUSED")
                || List.of(FAILED, "PAUSED", "STOPPED").contains(state);
    }

    /** Whether it, or a task, has failed. */
    public boolean isFailed() {
        return state.equals(FAILED) || tasks.contains(FAILED);
    }

    /** Whether all of it runs. */
    public boolean isRunning() {
        return state.equals(RUNNING) && tasks.stream().allMatch(RUNNING::equals);
    }

    /** For people: {@code RUNNING, 2 tasks}, or what is wrong. */
    public String describe() {
        long running = tasks.stream().filter(RUNNING::equals).count();
        return state + ", " + running + " of " + tasks.size() + " tasks running"
                + failure.map(sentence -> ": " + sentence).orElse("");
    }

    private static Optional<String> failure(JsonNode part) {
        if (!part.path("state").asText().equals(FAILED)) {
            return Optional.empty();
        }
        String trace = part.path("trace").asText();
        Matcher cause = CAUSE.matcher(trace);
        String sentence =
                cause.find() ? cause.group(1) : trace.lines().findFirst().orElse("without a trace");
        return Optional.of(sentence);
    }
}
