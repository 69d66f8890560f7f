package io.ledgerconnect.source.config;

import io.ledgerconnect.common.config.Transforms;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.type.Representation;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.types.Password;

/** The connector's settings, read once at start. Immutable. */
public final class SourceConfig {
    /** Kafka's. */
    private static final long DEFAULT_MAX_REQUEST = 1 << 20;

    private final AbstractConfig settings;
    private final Map<String, String> given;

    /**
     * Reads and checks the settings.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the setting that is wrong
     */
    public SourceConfig(Map<String, String> given) {
        this.settings = new AbstractConfig(SourceSettings.DEFINITION, given, false);
        this.given = new HashMap<>(given); // a setting may be null over REST
    }

    public ConnectionSettings connection() {
        Map<String, String> driver = new HashMap<>();
        driver.put("sslmode", settings.getString(SourceSettings.SSL_MODE));
        putIfGiven(driver, "sslrootcert", SourceSettings.SSL_ROOT_CERT);
        putIfGiven(driver, "sslcert", SourceSettings.SSL_CERT);
        putIfGiven(driver, "sslkey", SourceSettings.SSL_KEY);
        if (settings.getPassword(SourceSettings.SSL_PASSWORD) != null) {
            driver.put(
                    "sslpassword",
                    settings.getPassword(SourceSettings.SSL_PASSWORD).value());
        }
        return new ConnectionSettings(
                settings.getString(SourceSettings.HOSTNAME),
                settings.getInt(SourceSettings.PORT),
                settings.getString(SourceSettings.DATABASE),
                settings.getString(SourceSettings.USER),
                settings.getPassword(SourceSettings.PASSWORD),
                Map.copyOf(driver));
    }

    private void putIfGiven(Map<String, String> driver, String name, String setting) {
        String value = settings.getString(setting);
        if (value != null && !value.isBlank()) {
            driver.put(name, value);
        }
    }

    /** Tells this connector from others of one topic.prefix; outside of Connect there may be no name. */
    public String connectorName() {
        String name = given.get("name");
        return name == null || name.isBlank() ? topicPrefix() : name;
    }

    /** Whether records reach Kafka as they were made. */
    public boolean transformsKeepValues() {
        return Transforms.keepValues(given);
    }

    public String topicPrefix() {
        return settings.getString(SourceSettings.TOPIC_PREFIX);
    }

    public TableFilter tables() {
        return new TableFilter(
                settings.getList(SourceSettings.TABLE_INCLUDE_LIST),
                settings.getList(SourceSettings.TABLE_EXCLUDE_LIST));
    }

    /** Decides over {@code schema.table.column}. */
    public TableFilter columns() {
        return new TableFilter(
                settings.getList(SourceSettings.COLUMN_INCLUDE_LIST),
                settings.getList(SourceSettings.COLUMN_EXCLUDE_LIST));
    }

    /** Decides over the prefixes of logical messages. */
    public TableFilter messagePrefixes() {
        return new TableFilter(
                settings.getList(SourceSettings.MESSAGE_PREFIX_INCLUDE_LIST),
                settings.getList(SourceSettings.MESSAGE_PREFIX_EXCLUDE_LIST));
    }

    /** What hides values of columns. */
    public ColumnRules columnRules() {
        return ColumnRules.parse(
                given,
                settings.getList(SourceSettings.COLUMN_MASK_HMAC),
                settings.getPassword(SourceSettings.COLUMN_MASK_HMAC_KEY));
    }

    public MessageKeys messageKeys() {
        return MessageKeys.parse(settings.getString(SourceSettings.MESSAGE_KEY_COLUMNS));
    }

    /** Decides over tables that have no key: whether they are captured nevertheless. */
    public Predicate<String> tablesWithoutKey() {
        List<String> expressions = settings.getList(SourceSettings.TABLES_WITHOUT_KEY);
        TableFilter filter = new TableFilter(expressions, List.of());
        return table -> !expressions.isEmpty() && filter.includes(table);
    }

    public String slotName() {
        return settings.getString(SourceSettings.SLOT_NAME);
    }

    public boolean slotFailover() {
        return settings.getBoolean(SourceSettings.SLOT_FAILOVER);
    }

    public boolean dropSlotOnStop() {
        return settings.getBoolean(SourceSettings.SLOT_DROP_ON_STOP);
    }

    public String publicationName() {
        return settings.getString(SourceSettings.PUBLICATION_NAME);
    }

    public PublicationMode publicationMode() {
        return constant(PublicationMode.class, SourceSettings.PUBLICATION_AUTOCREATE_MODE);
    }

    public SnapshotMode snapshotMode() {
        boolean isAlias = settings.getString(SourceSettings.SNAPSHOT_MODE).equalsIgnoreCase("never");
        return isAlias ? SnapshotMode.NO_DATA : constant(SnapshotMode.class, SourceSettings.SNAPSHOT_MODE);
    }

    public int snapshotThreads() {
        return settings.getInt(SourceSettings.SNAPSHOT_MAX_THREADS);
    }

    /** How long the first snapshot may hold a transaction open before it goes on with another one. */
    public Duration snapshotTransaction() {
        return Duration.ofMillis(settings.getLong(SourceSettings.SNAPSHOT_TRANSACTION_MAX_MS));
    }

    /** The snapshot that the settings ask for while the stream goes on. */
    public Optional<SnapshotAsked> askedSnapshot() {
        String id = settings.getString(SourceSettings.SNAPSHOT_REQUEST_ID);
        return id == null
                ? Optional.empty()
                : Optional.of(SnapshotAsked.parse(id, settings.getList(SourceSettings.SNAPSHOT_REQUEST_TABLES), given));
    }

    /** The table by which snapshots are asked for, {@code schema.table}. */
    public Optional<String> signalTable() {
        return Optional.ofNullable(settings.getString(SourceSettings.SIGNAL_DATA_COLLECTION))
                .filter(table -> !table.isBlank());
    }

    /** What signs the rows of snapshots that are asked for; null where there is no secret. */
    public Password requestKey() {
        Password own = settings.getPassword(SourceSettings.SNAPSHOT_REQUEST_KEY);
        return own == null ? settings.getPassword(SourceSettings.PASSWORD) : own;
    }

    public Representation representation() {
        return new Representation(
                constant(Representation.Decimals.class, SourceSettings.DECIMAL_HANDLING_MODE),
                constant(Representation.Times.class, SourceSettings.TIME_PRECISION_MODE),
                constant(Representation.Intervals.class, SourceSettings.INTERVAL_HANDLING_MODE),
                constant(Representation.Binaries.class, SourceSettings.BINARY_HANDLING_MODE),
                constant(Representation.Hstores.class, SourceSettings.HSTORE_HANDLING_MODE),
                constant(Representation.Arrays.class, SourceSettings.ARRAY_HANDLING_MODE));
    }

    public boolean tombstonesOnDelete() {
        return settings.getBoolean(SourceSettings.TOMBSTONES_ON_DELETE);
    }

    public Set<Operation> skippedOperations() {
        Set<Operation> skipped = new HashSet<>();
        for (String code : settings.getList(SourceSettings.SKIPPED_OPERATIONS)) {
            if (!code.equalsIgnoreCase("none")) {
                skipped.add(Operation.of(code.toLowerCase(Locale.ROOT)));
            }
        }
        return Set.copyOf(skipped);
    }

    public boolean transactionMetadata() {
        return settings.getBoolean(SourceSettings.PROVIDE_TRANSACTION_METADATA);
    }

    public Duration watermarkInterval() {
        return Duration.ofMillis(settings.getLong(SourceSettings.WATERMARK_INTERVAL_MS));
    }

    /** The number of partitions of every table's topic; Connect's own setting, because Connect creates the topics. */
    public int partitions() {
        String partitions = given.get(SourceSettings.TOPIC_PARTITIONS);
        return partitions == null ? 1 : Integer.parseInt(partitions.trim());
    }

    /** The largest record that the worker's producer takes, as far as the connector's own settings say. */
    public long maxRequestBytes() {
        String bytes = given.get("producer.override.max.request.size");
        return bytes == null || !bytes.trim().matches("\\d{1,10}") ? DEFAULT_MAX_REQUEST : Long.parseLong(bytes.trim());
    }

    /** How Connect creates the topics. */
    public TopicCreation topicCreation() {
        return new TopicCreation(given);
    }

    /**
     * The settings that decide which records there are and how they are counted, as they stand. A stream keeps them
     * with its position: what was counted with the one cannot be counted again with the other.
     */
    public Map<String, String> counting() {
        return Map.of(
                SourceSettings.TABLE_INCLUDE_LIST, list(SourceSettings.TABLE_INCLUDE_LIST),
                SourceSettings.TABLE_EXCLUDE_LIST, list(SourceSettings.TABLE_EXCLUDE_LIST),
                SourceSettings.MESSAGE_KEY_COLUMNS, settings.getString(SourceSettings.MESSAGE_KEY_COLUMNS),
                SourceSettings.MESSAGE_PREFIX_INCLUDE_LIST, list(SourceSettings.MESSAGE_PREFIX_INCLUDE_LIST),
                SourceSettings.MESSAGE_PREFIX_EXCLUDE_LIST, list(SourceSettings.MESSAGE_PREFIX_EXCLUDE_LIST),
                SourceSettings.SKIPPED_OPERATIONS, list(SourceSettings.SKIPPED_OPERATIONS),
                SourceSettings.TOMBSTONES_ON_DELETE, Boolean.toString(tombstonesOnDelete()),
                SourceSettings.PROVIDE_TRANSACTION_METADATA, Boolean.toString(transactionMetadata()));
    }

    private String list(String setting) {
        return String.join(",", settings.getList(setting));
    }

    /** This configuration with other {@link #counting} settings. */
    public SourceConfig counting(Map<String, String> settings) {
        Map<String, String> changed = new HashMap<>(given);
        settings.forEach((name, value) -> {
            if (value.isEmpty()) {
                changed.remove(name);
            } else {
                changed.put(name, value);
            }
        });
        return new SourceConfig(changed);
    }

    /** Settings that were given and that nobody reads. */
    public List<String> unknownSettings() {
        return SourceSettings.unknown(given.keySet());
    }

    private <E extends Enum<E>> E constant(Class<E> type, String setting) {
        return Enum.valueOf(
                type, settings.getString(setting).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** {@code publication.autocreate.mode}. */
    public enum PublicationMode {
        FILTERED,
        ALL_TABLES,
        DISABLED
    }

    /** {@code snapshot.mode}. */
    public enum SnapshotMode {
        /** Of a new stream. */
        INITIAL,
        /** The same, and nothing after it. */
        INITIAL_ONLY,
        /** Of a new stream at each start. */
        ALWAYS,
        /** Of a new stream, also where the former one cannot go on. */
        WHEN_NEEDED,
        NO_DATA
    }
}
