package io.ledgerconnect.sink.config;

import io.ledgerconnect.common.config.Transforms;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * A sink's configuration, read once at start. Immutable.
 *
 * @param connection how to reach the reporting store
 * @param pipeline the name under which applied positions are kept
 * @param replacesOnResnapshot whether a fresh snapshot takes the place of what was streamed before (else it stops the
 *     connector)
 * @param tolerateRefusedRows whether a record that the database refuses is quarantined (else it stops the connector)
 * @param checksContent whether records are compared with what the source says that it sent
 */
public record SinkConfig(
        ConnectionSettings connection,
        String pipeline,
        SubscribedTopics topics,
        Tables tables,
        int maxBatchRows,
        Duration maxBackoff,
        boolean replacesOnResnapshot,
        boolean tolerateRefusedRows,
        boolean checksContent) {

    /** How to reach the reporting store. Never printed: it holds the password. */
    public record ConnectionSettings(String url, String user, String password) {
        @Override
        public String toString() {
            return url;
        }
    }

    /** What is set about reporting tables. */
    public record Tables(
            TableNameFormat nameFormat,
            boolean autoCreate,
            boolean autoEvolve,
            boolean deleteEnabled,
            boolean completeViews,
            Map<String, TableSettings> byName) {

        /** The reporting tables that get columns besides the ledger's, by name, as far as it is known. */
        public SortedMap<TableName, Enrichments> enriched() {
            SortedMap<TableName, Enrichments> enriched = new TreeMap<>();
            byName.forEach((name, settings) -> {
                if (!settings.enrichments().isEmpty()) {
                    TableName table = tableNamed(name);
                    if (!table.schema().isEmpty()) {
                        enriched.put(table, of(table).enrichments());
                    }
                }
            });
            return enriched;
        }

        /** Enriched tables of which the schema is not known beforehand, as the settings call them. */
        public List<String> enrichedWithoutSchema() {
            return byName.entrySet().stream()
                    .filter(table -> !table.getValue().enrichments().isEmpty())
                    .map(Map.Entry::getKey)
                    .filter(name -> tableNamed(name).schema().isEmpty())
                    .sorted()
                    .toList();
        }

        /** The reporting tables of whose rows sums are kept, by name. */
        public SortedMap<TableName, List<Rollup>> rolledUp() {
            SortedMap<TableName, List<Rollup>> rolledUp = new TreeMap<>();
            byName.forEach((name, settings) -> {
                TableName table = tableNamed(name);
                if (!settings.rollups().isEmpty() && !table.schema().isEmpty()) {
                    rolledUp.put(table, of(table).rollups());
                }
            });
            return rolledUp;
        }

        /** Tables with rollups of which the schema is not known beforehand, as the settings call them. */
        public List<String> rolledUpWithoutSchema() {
            return byName.entrySet().stream()
                    .filter(table -> !table.getValue().rollups().isEmpty())
                    .map(Map.Entry::getKey)
                    .filter(name -> tableNamed(name).schema().isEmpty())
                    .sorted()
                    .toList();
        }

        private TableName tableNamed(String name) {
            return TableName.parse(name, nameFormat.fixedSchema().orElse(""));
        }

        /** How the settings call a table. */
        public String settingsName(TableName table) {
            return byName.containsKey(table.toString()) ? table.toString() : table.table();
        }

        /** The settings of one table, which may be given under its name with or without its schema. */
        public TableSettings of(TableName table) {
            TableSettings qualified = byName.get(table.toString());
            return qualified != null ? qualified : byName.getOrDefault(table.table(), TableSettings.DEFAULT);
        }
    }

    /**
     * Reads a configuration.
     *
     * @throws ConfigException that names the setting, when one is wrong
     */
    public static SinkConfig parse(Map<String, String> properties) {
        AbstractConfig config = new AbstractConfig(SinkSettings.definition(properties), properties, false);
        return new SinkConfig(
                connection(config),
                pipeline(config, properties),
                topics(properties),
                tables(config, properties),
                config.getInt(SinkSettings.MAX_BATCH_ROWS),
                Duration.ofMillis(config.getLong(SinkSettings.RETRY_BACKOFF_MAX_MS)),
                "replace".equalsIgnoreCase(config.getString(SinkSettings.RESNAPSHOT_MODE)),
                "all".equalsIgnoreCase(properties.get(SinkSettings.ERRORS_TOLERANCE)),
                config.getBoolean(SinkSettings.CONTENT_CHECK) && Transforms.keepValues(properties));
    }

    private static ConnectionSettings connection(AbstractConfig config) {
        var password = config.getPassword(SinkSettings.CONNECTION_PASSWORD);
        return new ConnectionSettings(
                config.getString(SinkSettings.CONNECTION_URL),
                config.getString(SinkSettings.CONNECTION_USER),
                password == null ? null : password.value());
    }

    private static String pipeline(AbstractConfig config, Map<String, String> properties) {
        String pipeline = config.getString(SinkSettings.PIPELINE_NAME);
        String name = pipeline == null ? properties.get(SinkSettings.NAME) : pipeline;
        if (name == null || name.isBlank()) {
            throw new ConfigException(
                    SinkSettings.PIPELINE_NAME
                            + " is empty and the connector has no name, so there is no name under which to keep what was applied");
        }
        return name;
    }

    private static SubscribedTopics topics(Map<String, String> properties) {
        String regex = properties.get(SinkSettings.TOPICS_REGEX);
        if (regex != null && !regex.isBlank()) {
            try {
                return SubscribedTopics.matching(Pattern.compile(regex));
            } catch (PatternSyntaxException e) {
                throw new ConfigException(SinkSettings.TOPICS_REGEX, regex, "is not a regular expression");
            }
        }
        String topics = properties.get(SinkSettings.TOPICS); // null where validation is given null
        Set<String> names = Stream.of((topics == null ? "" : topics).split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        if (names.isEmpty()) {
            throw new ConfigException(
                    SinkSettings.TOPICS + " and " + SinkSettings.TOPICS_REGEX + " are empty: nothing would be read");
        }
        return SubscribedTopics.named(names);
    }

    private static Tables tables(AbstractConfig config, Map<String, String> properties) {
        Map<String, TableSettings> byName = new HashMap<>();
        for (String key : properties.keySet()) {
            String table = SinkSettings.tableOf(key);
            if (table != null) {
                byName.computeIfAbsent(table, name -> tableSettings(config, name));
            }
        }
        return new Tables(
                TableNameFormat.parse(SinkSettings.TABLE_NAME_FORMAT, config.getString(SinkSettings.TABLE_NAME_FORMAT)),
                config.getBoolean(SinkSettings.AUTO_CREATE),
                config.getBoolean(SinkSettings.AUTO_EVOLVE),
                config.getBoolean(SinkSettings.DELETE_ENABLED),
                config.getBoolean(SinkSettings.COMPLETE_VIEWS),
                Map.copyOf(byName));
    }

    private static TableSettings tableSettings(AbstractConfig config, String table) {
        String mode = SinkSettings.tableSetting(table, SinkSettings.MODE);
        String key = SinkSettings.tableSetting(table, SinkSettings.KEY);
        return new TableSettings(
                config.values().containsKey(mode)
                        ? TableMode.valueOf(config.getString(mode).toUpperCase(Locale.ROOT))
                        : TableMode.UPSERT,
                config.values().containsKey(key) ? List.copyOf(config.getList(key)) : List.of(),
                EnrichSettings.parse(config, table),
                RollupSettings.parse(config, table));
    }
}
