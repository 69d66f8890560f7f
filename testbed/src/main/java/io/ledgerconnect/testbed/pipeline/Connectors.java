package io.ledgerconnect.testbed.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectRestException;
import io.ledgerconnect.testbed.ConnectorStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The connectors of {@code config/}. Not thread-safe. */
public final class Connectors {
    /** The name that the connector of {@code config/source.json} is registered under. */
    public static final String SOURCE = "ledger-source";
    /** The name that the connector of {@code config/sink.json} is registered under. */
    public static final String SINK = "ledger-sink";

    private static final String SOURCE_FILE = "source.json";
    private static final String SINK_FILE = "sink.json";

    /** A source checks its ledger and makes its slot; a worker with little processor takes its time for it. */
    private static final Duration START = Duration.ofSeconds(90);

    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

    private final ConnectRest rest;
    private final Path configDirectory;
    private long lastCheck = System.nanoTime();

    Connectors(ConnectRest rest, Path configDirectory) {
        this.rest = rest;
        this.configDirectory = configDirectory;
    }

    /** What {@code PUT /connectors/<name>/config} takes: {@code config/source.json} as it is. */
    public Map<String, String> sourceConfig() {
        return config(SOURCE_FILE);
    }

    /** Likewise of {@code config/sink.json}. */
    public Map<String, String> sinkConfig() {
        return config(SINK_FILE);
    }

    /** Under which name the reporting store keeps what this sink has applied. */
    public String pipelineName() {
        return sinkConfig().get("pipeline.name");
    }

    Map<String, String> config(String file) {
        try {
            return new ObjectMapper()
                    .readValue(configDirectory.resolve(file).toFile(), new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers both as they are and returns when their tasks run. */
    public void register() {
        register(SOURCE, sourceConfig());
        register(SINK, sinkConfig());
    }

    /**
     * Registers a connector and returns when its tasks run.
     *
     * @throws PipelineException when the worker refuses the configuration, with its message
     */
    public void register(String name, Map<String, String> config) {
        try {
            rest.putConnector(name, config);
        } catch (ConnectRestException e) {
            throw new PipelineException("The worker refuses the connector " + name + ": " + e.getMessage(), e);
        }
        rest.awaitRunning(name, START);
    }

    /**
     * Looks after both connectors, at most once a second.
     *
     * @throws PipelineException when one has failed, with its message
     */
    public void check() {
        if (System.nanoTime() - lastCheck < BETWEEN_CHECKS.toNanos()) {
            return;
        }
        lastCheck = System.nanoTime();
        for (String name : List.of(SOURCE, SINK)) {
            ConnectorStatus status = rest.status(name);
            if (status.isFailed()) {
                throw new PipelineException("The connector " + name + " has failed: "
                        + status.failure().map(Connectors::messages).orElse("it does not say why"));
            }
        }
    }

    /** A stack trace without the stack. */
    static String messages(String trace) {
        List<String> messages = trace.lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .toList();
        return String.join("\n  ", messages);
    }
}
