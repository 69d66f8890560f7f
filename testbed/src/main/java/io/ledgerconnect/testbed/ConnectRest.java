package io.ledgerconnect.testbed;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerconnect.testbed.process.Polling;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A client of a worker's REST API. Safe for use by several threads.
 *
 * <p>A request that meets a rebalance is repeated until the workers have settled. An answer that is an error becomes a
 * {@link ConnectRestException}, a worker that does not answer an {@link UncheckedIOException}.
 */
public final class ConnectRest {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final JsonHttp http;

    /** A client of the worker whose REST API is at the given address. */
    public ConnectRest(URI worker) {
        http = new JsonHttp(worker);
    }

    /** Whether the worker has started completely and has joined its cluster. */
    public boolean isHealthy() {
        return http.succeeds("health");
    }

    /** The connectors on the worker's plugin path. */
    public List<ConnectorPlugin> plugins() {
        return JsonHttp.convert(http.get("connector-plugins"), new TypeReference<>() {});
    }

    /** The names of the settings that a connector declares. */
    public List<String> settings(String connectorClass) {
        return http.get("connector-plugins/" + connectorClass + "/config").findValuesAsText("name");
    }

    /** Validates a configuration and returns the messages by setting; an empty map means that it is valid. */
    public Map<String, List<String>> validate(String connectorClass, Map<String, String> config) {
        Map<String, String> complete = new LinkedHashMap<>(config);
        complete.put("connector.class", connectorClass);
        JsonNode answer = http.put("connector-plugins/" + connectorClass + "/config/validate", complete);
        Map<String, List<String>> errors = new LinkedHashMap<>();
        for (JsonNode setting : answer.path("configs")) {
            JsonNode value = setting.path("value");
            List<String> messages = JsonHttp.convert(value.path("errors"), new TypeReference<>() {});
            if (!messages.isEmpty()) {
                errors.put(value.path("name").asText(), messages);
            }
        }
        return errors;
    }

    /** The names of all connectors. */
    public List<String> connectors() {
        return JsonHttp.convert(http.get("connectors"), new TypeReference<>() {});
    }

    /** Creates the connector or changes its configuration. */
    public void putConnector(String name, Map<String, String> config) {
        http.put(of(name, "/config"), config);
    }

    public Map<String, String> config(String name) {
        return JsonHttp.convert(http.get(of(name, "/config")), new TypeReference<>() {});
    }

    public ConnectorStatus status(String name) {
        return JsonHttp.convert(http.get(of(name, "/status")), new TypeReference<>() {});
    }

    public void delete(String name) {
        http.delete(of(name, ""));
    }

    /** Keeps the tasks but lets them do nothing. */
    public void pause(String name) {
        http.put(of(name, "/pause"), Map.of());
    }

    /** Lets a paused or stopped connector go on. */
    public void resume(String name) {
        http.put(of(name, "/resume"), Map.of());
    }

    /** Ends the tasks but keeps configuration and offsets; offsets can be changed in this state only. */
    public void stop(String name) {
        http.put(of(name, "/stop"), Map.of());
    }

    /** Restarts the connector and all its tasks. */
    public void restart(String name) {
        http.post(of(name, "/restart?includeTasks=true&onlyFailed=false"));
    }

    /** The stored offsets, in the API's own form. */
    public JsonNode offsets(String name) {
        return http.get(of(name, "/offsets"));
    }

    /** Changes the offsets of a stopped connector; the argument has the form that {@link #offsets} returns. */
    public void alterOffsets(String name, JsonNode offsets) {
        http.patch(of(name, "/offsets"), offsets);
    }

    /** Forgets the offsets of a stopped connector. */
    public void deleteOffsets(String name) {
        http.delete(of(name, "/offsets"));
    }

    /** Changes the level of a logger on this worker until its next start. */
    public void setLogLevel(String logger, String level) {
        http.put("admin/loggers/" + logger, Map.of("level", level));
    }

    /**
     * Waits until the connector and all its tasks run, and there is one task at least.
     *
     * @throws TestbedException when the connector or a task stays failed, with its stack trace, or when the time is up
     */
    public ConnectorStatus awaitRunning(String name, Duration timeout) {
        StatusWatch watch = new StatusWatch(() -> status(name));
        ConnectorStatus status =
                await(watch, name, "running", timeout, seen -> seen.isRunning() || watch.staysFailed());
        if (!status.isRunning()) {
            throw new TestbedException(
                    "Connector " + name + " failed: " + status.failure().orElse("without a stack trace"));
        }
        return status;
    }

    /**
     * Waits until the connector or a task has failed, and returns the status that says why.
     *
     * @throws TestbedException when the time is up
     */
    public ConnectorStatus awaitFailed(String name, Duration timeout) {
        return await(new StatusWatch(() -> status(name)), name, "failed", timeout, ConnectorStatus::isFailed);
    }

    /**
     * Waits until the connector is stopped and its tasks are gone.
     *
     * @throws TestbedException when the time is up
     */
    public ConnectorStatus awaitStopped(String name, Duration timeout) {
        return await(new StatusWatch(() -> status(name)), name, "stopped", timeout, ConnectorStatus::isStopped);
    }

    private static ConnectorStatus await(
            StatusWatch watch,
            String name,
            String state,
            Duration timeout,
            Predicate<? super ConnectorStatus> reached) {
        try {
            Polling.every(POLL_INTERVAL).atMost(timeout).until(() -> watch.matches(reached));
            return watch.status();
        } catch (ConditionTimeoutException late) {
            throw new TestbedException(
                    "Connector " + name + " is not " + state + " after " + timeout + "; seen: " + watch.seen(), late);
        }
    }

    private static String of(String connector, String rest) {
        return "connectors/" + JsonHttp.encoded(connector) + rest;
    }
}
