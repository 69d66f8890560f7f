package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.Postgres;
import java.util.HashMap;
import java.util.Map;

/** Settings of source connectors, as far as both sides of a comparison share them. */
final class CaptureSettings {
    /** The class of the JSON converter that our plugins bring, or of another one for ours. */
    static final String OUR_CONVERTER =
            System.getProperty("converter", "io.ledgerconnect.common.json.LedgerJsonConverter");

    static final String KAFKAS_CONVERTER = "org.apache.kafka.connect.json.JsonConverter";

    /** A producer's settings for many records at once. */
    static final Map<String, String> RAISED = Map.of(
            "producer.override.compression.type", "lz4",
            "producer.override.batch.size", "262144",
            "producer.override.linger.ms", "5",
            "producer.override.buffer.memory", "67108864");

    private CaptureSettings() {}

    /** Ours, over what {@link #shared} says. */
    static Map<String, String> ours(Map<String, String> shared) {
        Map<String, String> settings = new HashMap<>(shared);
        settings.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
        return settings;
    }

    /** Debezium's, over what {@link #shared} says. */
    static Map<String, String> debezium(Map<String, String> shared) {
        Map<String, String> settings = new HashMap<>(shared);
        settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.put("plugin.name", "pgoutput");
        return settings;
    }

    /** {@link #RAISED}, and Debezium's batches and queue. */
    static Map<String, String> raisedForDebezium() {
        Map<String, String> settings = new HashMap<>(RAISED);
        settings.put("max.batch.size", "20480");
        settings.put("max.queue.size", "81920");
        settings.put("poll.interval.ms", "10");
        return settings;
    }

    /** What every source connector understands; {@code name} is prefix and slot. JSON without schemas. */
    static Map<String, String> shared(Postgres postgres, String database, String publication, String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put("tasks.max", "1");
        settings.put("database.hostname", postgres.host());
        settings.put("database.port", Integer.toString(postgres.port()));
        settings.put("database.user", postgres.user());
        settings.put("database.password", postgres.password());
        settings.put("database.dbname", database);
        settings.put("topic.prefix", name);
        settings.put("slot.name", name);
        settings.put("publication.name", publication);
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("topic.creation.default.partitions", "1");
        settings.put("topic.creation.default.replication.factor", "1");
        settings.putAll(jsonConverters(KAFKAS_CONVERTER, false));
        return settings;
    }

    /** JSON on both sides of a record, with or without its schema in each. */
    static Map<String, String> jsonConverters(String converter, boolean schemas) {
        return Map.of(
                "key.converter",
                converter,
                "key.converter.schemas.enable",
                Boolean.toString(schemas),
                "value.converter",
                converter,
                "value.converter.schemas.enable",
                Boolean.toString(schemas));
    }
}
