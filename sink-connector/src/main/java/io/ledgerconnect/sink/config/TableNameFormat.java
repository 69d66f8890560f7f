package io.ledgerconnect.sink.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * Names the reporting table of a ledger table: {@code schema.table} with the placeholders <code>${table}</code>, <code>
 * ${schema}</code> (both as in the ledger) and <code>${topic}</code> (after transforms).
 */
public final class TableNameFormat {
    private static final String DEFAULT_SCHEMA = "public";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w*)}");

    private final String schemaPart;
    private final String tablePart;

    private TableNameFormat(String schemaPart, String tablePart) {
        this.schemaPart = schemaPart;
        this.tablePart = tablePart;
    }

    /**
     * Reads a format.
     *
     * @throws ConfigException when it is empty, has an unknown placeholder, or maps every table to the same one
     */
    public static TableNameFormat parse(String setting, String format) {
        Matcher placeholder = PLACEHOLDER.matcher(format);
        boolean distinguishes = false;
        while (placeholder.find()) {
            switch (placeholder.group(1)) {
                case "table", "topic" -> distinguishes = true;
                case "schema" -> {}
                default ->
                    throw new ConfigException(
                            setting, format, "knows the placeholders ${table}, ${schema} and ${topic} only");
            }
        }
        int dot = format.indexOf('.');
        if (!distinguishes || dot == 0 || dot == format.length() - 1 || format.indexOf('.', dot + 1) > 0) {
            throw new ConfigException(
                    setting,
                    format,
                    "must be schema.table and contain ${table} or ${topic}, or every ledger table would be written to one reporting table");
        }
        return dot < 0
                ? new TableNameFormat(DEFAULT_SCHEMA, format)
                : new TableNameFormat(format.substring(0, dot), format.substring(dot + 1));
    }

    /** The reporting table for a ledger table, named {@code schema.table}, whose records come from {@code topic}. */
    public TableName target(String ledgerTable, String topic) {
        int dot = ledgerTable.indexOf('.');
        String schema = dot < 0 ? DEFAULT_SCHEMA : ledgerTable.substring(0, dot);
        String table = ledgerTable.substring(dot + 1);
        return new TableName(fill(schemaPart, schema, table, topic), fill(tablePart, schema, table, topic));
    }

    /** Whether a ledger table may lead to several reporting tables, by the topics of its records. */
    public boolean hasTopic() {
        return (schemaPart + tablePart).contains("${topic}");
    }

    /** The schema of all reporting tables, when the format names one without a placeholder. */
    public Optional<String> fixedSchema() {
        return PLACEHOLDER.matcher(schemaPart).find() ? Optional.empty() : Optional.of(schemaPart);
    }

    @Override
    public String toString() {
        return schemaPart + '.' + tablePart;
    }

    private static String fill(String part, String schema, String table, String topic) {
        return PLACEHOLDER
                .matcher(part)
                .replaceAll(match -> Matcher.quoteReplacement(
                        switch (match.group(1)) {
                            case "schema" -> schema;
                            case "table" -> table;
                            default -> topic;
                        }));
    }
}
