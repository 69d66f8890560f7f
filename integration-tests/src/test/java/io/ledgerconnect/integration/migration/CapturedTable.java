package io.ledgerconnect.integration.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one topic, as JSON with schemas.
 *
 * @param name the topic without its prefix and schema
 */
record CapturedTable(String name, List<Entry> entries) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A record; the value is missing in a tombstone, the key where the table has none. */
    record Entry(JsonNode key, JsonNode value) {
        /** What must be equal for two records to be of the same change. */
        String identity() {
            return value.path("payload").path("op").asText("tombstone") + ' ' + key.path("payload");
        }
    }

    /** Takes the prefix out of schema names, so that both captures have the same. */
    static CapturedTable of(String name, String prefix, List<ConsumerRecord<byte[], byte[]>> records) {
        return new CapturedTable(
                name,
                records.stream()
                        .map(record -> new Entry(parse(record.key(), prefix), parse(record.value(), prefix)))
                        .toList());
    }

    private static JsonNode parse(byte[] json, String prefix) {
        if (json == null) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(new String(json, StandardCharsets.UTF_8).replace("\"" + prefix + ".", "\"PREFIX."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
