package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonSerializer;

/**
 * Connect data → the bytes of a record. What it cannot write, it leaves to Kafka's converter, and with it the choice of
 * the error.
 *
 * <p>Thread-safe: one generator and one buffer serve all records. A converter has one caller at a time in Connect, so
 * that the lock is free and costs nanoseconds.
 */
final class RecordWriter {
    private final JsonConverter kafka;
    private final JsonSettings settings;
    private final JsonSerializer serializer = new JsonSerializer();
    /** In front of {@link #byEquality}, since some workers' schemas compute their hash anew each time. */
    private final IdentityHashMap<Schema, SchemaWriter> byIdentity = new IdentityHashMap<>();

    private final Map<Schema, SchemaWriter> byEquality;
    private PayloadBuffer buffer = new PayloadBuffer();
    private JsonGenerator generator;

    RecordWriter(JsonConverter kafka, JsonSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
        byEquality = new Lru<>(settings.cachedSchemas());
        generator = JsonText.generator(buffer);
    }

    synchronized byte[] write(String topic, Schema schema, Object value) {
        // No schema, or one that may still change, such as a builder.
        if (!(schema instanceof ConnectSchema)) {
            return kafka.fromConnectData(topic, schema, value);
        }
        try {
            byte[] record = writer(schema).write(value, generator, buffer);
            if (buffer.isOversized()) {
                startAnew();
            }
            return record;
        } catch (IOException | RuntimeException e) {
            // Kafka's converter repeats it and throws what is to be thrown.
            startAnew();
            return kafka.fromConnectData(topic, schema, value);
        }
    }

    private SchemaWriter writer(Schema schema) {
        SchemaWriter known = byIdentity.get(schema);
        return known != null ? known : learn(schema);
    }

    private SchemaWriter learn(Schema schema) {
        SchemaWriter writer = byEquality.get(schema);
        if (writer == null) {
            writer = compile(schema);
            byEquality.put(schema, writer);
        }
        if (byIdentity.size() >= settings.cachedSchemas()) {
            byIdentity.clear();
        }
        byIdentity.put(schema, writer);
        return writer;
    }

    private SchemaWriter compile(Schema schema) {
        return settings.schemas()
                ? SchemaWriter.withSchema(serializer.serialize(null, kafka.asJsonSchema(schema)), schema, settings)
                : SchemaWriter.payloadOnly(schema, settings);
    }

    /** A generator that threw stands in the middle of a record, and is dropped: it holds memory only. */
    private void startAnew() {
        buffer = new PayloadBuffer();
        generator = JsonText.generator(buffer);
    }
}
