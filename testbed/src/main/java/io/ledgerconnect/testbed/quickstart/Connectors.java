package io.ledgerconnect.testbed.quickstart;

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
final class Connectors {
    static final String SOURCE = "ledger-source";
    static final String SINK = "ledger-sink";

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

    /** What {@code PUT /connectors/<name>/config} takes: the file as it is. */
    Map<String, String> config(String file) {
        try {
            return new ObjectMapper()
                    .readValue(configDirectory.resolve(file).toFile(), new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers a connector and returns when its tasks run. */
    void register(String name, String file) {
        try {
            rest.putConnector(name, config(file));
        } catch (ConnectRestException e) {
            throw new QuickstartException("The worker refuses config/" + file + ": " + e.getMessage(), e);
        }
        rest.awaitRunning(name, START);
    }

    /**
     * Looks after both connectors, at most once a second.
     *
     * @throws QuickstartException when one has failed, with its message
     */
    void check() {
        if (System.nanoTime() - lastCheck < BETWEEN_CHECKS.toNanos()) {
            return;
        }
        lastCheck = System.nanoTime();
        for (String name : List.of(SOURCE, SINK)) {
            ConnectorStatus status = rest.status(name);
            if (status.isFailed()) {
                throw new QuickstartException("The connector " + name + " has failed: "
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
