package io.ledgerconnect.source.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a table by their keys: an array of JSON objects that have the key's columns, with values as PostgreSQL writes
 * them. Immutable.
 *
 * @param columns names of the key's columns
 * @param keys the values of these columns, as texts, of each row
 */
public record AskedKeys(List<String> columns, List<List<String>> keys) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** They are kept in the connector's configuration, which is one record of a topic. */
    private static final int MOST = 10_000;

    /** @throws IllegalArgumentException with a message that says what is wrong, when the text is no such array */
    static AskedKeys parse(String text) {
        JsonNode rows;
        try {
            rows = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is no JSON", e);
        }
        if (!rows.isArray() || rows.isEmpty()) {
            throw new IllegalArgumentException("it is no array of objects");
        }
        if (rows.size() > MOST) {
            throw new IllegalArgumentException(
                    "it has " + rows.size() + " keys; ask for at most " + MOST + " at once, or by a condition");
        }
        List<String> columns = new ArrayList<>();
        rows.get(0).fieldNames().forEachRemaining(columns::add);
        List<List<String>> keys = new ArrayList<>(rows.size());
        for (JsonNode row : rows) {
            keys.add(key(row, columns, keys.size() + 1));
        }
        return new AskedKeys(List.copyOf(columns), List.copyOf(keys));
    }

    private static List<String> key(JsonNode row, List<String> columns, int number) {
        if (!row.isObject() || row.isEmpty() || row.size() != columns.size()) {
            throw new IllegalArgumentException("element " + number + " is no object with the columns of the first");
        }
        List<String> values = new ArrayList<>(columns.size());
        for (String column : columns) {
            JsonNode value = row.get(column);
            if (value == null || !value.isValueNode() || value.isNull()) {
                throw new IllegalArgumentException("element " + number + " has no value of column " + column);
            }
            values.add(value.asText());
        }
        return List.copyOf(values);
    }

    /** Those from one number to before another, counted from 0. */
    public AskedKeys part(long from, long to) {
        return new AskedKeys(columns, keys.subList((int) from, (int) to));
    }
}
