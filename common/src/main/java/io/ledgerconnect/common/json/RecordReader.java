package io.ledgerconnect.common.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * The bytes of a record with its schema → Connect data. A schema that was met before in the topic is recognised by its
 * bytes and not parsed. What it cannot read, it leaves to Kafka's converter, and with it the choice of the error.
 *
 * <p>Thread-safe. A converter has one caller at a time in Connect, so that the lock is free and costs nanoseconds.
 */
final class RecordReader {
    /** A topic has a schema, and for a while two; more where many tables share one. */
    static final int SCHEMAS_PER_TOPIC = 16;

    private final JsonConverter kafka;
    private final JsonSettings settings;
    /** The latest first. At most as many topics as the setting allows schemas, each with a few of them. */
    private final Map<String, List<KnownSchema>> byTopic;

    private final Map<Schema, SchemaReader> byEquality;

    RecordReader(JsonConverter kafka, JsonSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
        byTopic = new Lru<>(settings.cachedSchemas());
        byEquality = new Lru<>(settings.cachedSchemas());
    }

    synchronized SchemaAndValue read(String topic, byte[] record) {
        List<KnownSchema> schemas = byTopic.computeIfAbsent(topic, name -> new ArrayList<>());
        if (isKnown(schemas, record) || learn(topic, schemas, record)) {
            try {
                return schemas.get(0).read(record);
            } catch (IOException | RuntimeException e) {
                // Kafka's converter repeats it and throws what is to be thrown.
                return kafka.toConnectData(topic, record);
            }
        }
        return kafka.toConnectData(topic, record);
    }

    /** Moves the schema to the front when it is. */
    private static boolean isKnown(List<KnownSchema> schemas, byte[] record) {
        for (int i = 0; i < schemas.size(); i++) {
            if (schemas.get(i).begins(record)) {
                if (i > 0) {
                    schemas.add(0, schemas.remove(i));
                }
                return true;
            }
        }
        return false;
    }

    /** Puts the record's schema in front, unless the record is an unusual one. */
    private boolean learn(String topic, List<KnownSchema> schemas, byte[] record) {
        int before = KnownSchema.bytesBeforePayload(record);
        Schema schema = before == 0 ? null : kafka.toConnectData(topic, record).schema();
        if (schema == null) {
            return false;
        }
        SchemaReader reader = byEquality.computeIfAbsent(
                schema, parsed -> new SchemaReader(parsed, new NullableReader(parsed, settings)));
        if (schemas.size() == SCHEMAS_PER_TOPIC) {
            schemas.remove(SCHEMAS_PER_TOPIC - 1);
        }
        schemas.add(0, new KnownSchema(Arrays.copyOf(record, before), reader));
        return true;
    }
}
