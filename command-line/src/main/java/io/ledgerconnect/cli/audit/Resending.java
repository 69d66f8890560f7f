package io.ledgerconnect.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectRest;
import io.ledgerconnect.cli.connection.ConnectorState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Asks a source connector for rows by their keys, over REST: it sends them as they are in the ledger then, and deletes
 * for those that are not there. Used by one thread.
 */
final class Resending {
    private static final String ID = "snapshot.request.id";
    private static final String TABLES = "snapshot.request.tables";
    private static final String KEYS = "snapshot.request.keys.";
    private static final String REQUEST = "snapshot.request.";
    private static final String KEY = "snapshot.request.key";
    private static final long LOOK_MILLIS = 500;

    private final ConnectRest rest;
    private final String connector;
    private final Duration timeout;
    private final Map<String, String> original;

    /** @throws CommandException when another snapshot that was asked for is under way */
    Resending(ConnectRest rest, String connector, Duration timeout) {
        this.rest = rest;
        this.connector = connector;
        this.timeout = timeout;
        this.original = rest.config(connector);
        String asked = original.get(ID);
        if (asked != null && !asked.isBlank() && !isOver(asked)) {
            throw new CommandException("The source connector " + connector + " still reads the snapshot '" + asked
                    + "' that it was asked for (snapshot.request.id). Wait until it is over: GET "
                    + ConnectRest.path(connector, "offsets") + " names it behind the | of snapshot_requests then.");
        }
    }

    /**
     * Returns once the rows are in the topics.
     *
     * @param id names the request; no other one has it
     */
    void send(String id, RepairPlan.Part part) throws InterruptedException {
        Map<String, String> config = withoutRequest();
        config.put(ID, id);
        config.put(TABLES, Pattern.quote(part.table()));
        config.put(KEYS + part.table(), part.keys());
        rest.putConfig(connector, config);
        await(id);
    }

    /** What the connector had before is its configuration again. */
    void restore() {
        rest.putConfig(connector, original);
    }

    private Map<String, String> withoutRequest() {
        Map<String, String> config = new HashMap<>(original);
        config.keySet().removeIf(name -> name.startsWith(REQUEST) && !name.equals(KEY));
        return config;
    }

    private void await(String id) throws InterruptedException {
        long begin = System.nanoTime();
        while (!isOver(id)) {
            ConnectorState state = rest.state(connector);
            if (state.isFailed()) {
                throw new CommandException("The source connector " + connector + " has failed: " + state.describe()
                        + ". Whatever it has sent is right; run the command again once it runs.");
            }
            if (System.nanoTime() - begin > timeout.toNanos()) {
                throw new CommandException("The source connector " + connector
                        + " has not sent the rows within --timeout; it is " + state.describe()
                        + ". Its worker's log says why; the offset that tells it is stored every"
                        + " offset.flush.interval.ms.");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** As the stored offset says. */
    private boolean isOver(String id) {
        JsonNode requests = rest.offset(connector).path("snapshot_requests");
        String[] parts = requests.asText().split("\\|", -1);
        List<String> ended = parts.length < 2 ? List.of() : Arrays.asList(parts[1].split(",", -1));
        return ended.stream()
                .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
                .anyMatch(id::equals);
    }
}
