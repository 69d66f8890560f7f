package io.ledgerconnect.source.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.source.offset.SnapshotRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.connect.data.Struct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of a signal table, as Debezium defines them for its own: {@code id}, {@code type} and {@code data}.
 * Snapshots are asked for by {@code execute-snapshot} and given up by {@code stop-snapshot}. Used by one thread only.
 */
public final class SnapshotSignals {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSignals.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String table;
    private final RequestedSnapshots requested;

    /** @param table {@code schema.table} */
    public SnapshotSignals(String table, RequestedSnapshots requested) {
        this.table = table;
        this.requested = requested;
    }

    /** Whether rows of this table are signals. */
    public boolean isTable(String name) {
        return table.equals(name);
    }

    /** Does what a row says that was inserted. What is no signal for a capture is passed by with a warning. */
    public void take(Struct row) {
        Optional<String> id = text(row, "id");
        Optional<String> type = text(row, "type");
        if (id.isEmpty() || type.isEmpty()) {
            warn(id.orElse(""), "it needs the columns id and type, of a type that is sent as text");
            return;
        }
        try {
            JsonNode data = JSON.readTree(
                    text(row, "data").filter(json -> !json.isBlank()).orElse("{}"));
            switch (type.get()) {
                case "execute-snapshot" -> ask(id.get(), data);
                case "stop-snapshot" -> stop(data);
                default -> warn(id.get(), "its type '" + type.get() + "' is none of execute-snapshot, stop-snapshot");
            }
        } catch (JsonProcessingException e) {
            warn(id.get(), "its data is no JSON");
        }
    }

    private void ask(String id, JsonNode data) {
        List<SnapshotRequest.Table> tables = new ArrayList<>();
        for (String name : names(data)) {
            tables.add(new SnapshotRequest.Table(name, condition(data, name)));
        }
        if (tables.isEmpty()) {
            warn(id, "its data names no tables in data-collections");
        } else if (requested.requests().knows(id)) {
            warn(id, "a snapshot was asked for under this id before");
        } else {
            requested.ask(SnapshotRequest.begin(id, "", tables));
        }
    }

    private void stop(JsonNode data) {
        List<String> names = names(data);
        for (SnapshotRequest request : requested.requests().open()) {
            if (names.isEmpty()
                    || request.tables().stream()
                            .anyMatch(of -> names.stream().anyMatch(name -> matches(name, of.name())))) {
                LOG.info("The snapshot '{}' that was asked for is stopped by a signal", request.id());
                requested.stop(request.id());
            }
        }
    }

    private static List<String> names(JsonNode data) {
        List<String> names = new ArrayList<>();
        data.path("data-collections").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static String condition(JsonNode data, String table) {
        for (JsonNode condition : data.path("additional-conditions")) {
            if (matches(condition.path("data-collection").asText(), table)) {
                return condition.path("filter").asText();
            }
        }
        return "";
    }

    private static boolean matches(String expression, String name) {
        try {
            return expression.equals(name) || Pattern.matches(expression, name);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static Optional<String> text(Struct row, String column) {
        return row.schema().field(column) != null && row.get(column) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    private void warn(String id, String reason) {
        LOG.warn("The signal '{}' in {} is passed by: {}", id, table, reason);
    }
}
