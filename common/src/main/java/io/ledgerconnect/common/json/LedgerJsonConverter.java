package io.ledgerconnect.common.json;

import io.ledgerconnect.common.Version;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;

/**
 * Kafka's {@link JsonConverter} with the same settings, the same bytes and the same errors, several times faster when
 * records carry their schemas: a schema is written and parsed once, not once per record. Whatever is unusual it leaves
 * to Kafka's converter of the worker.
 *
 * <p>One difference: floating-point numbers that are not finite, which both write as the strings {@code "NaN"},
 * {@code "Infinity"} and {@code "-Infinity"}, are read as what they are; Kafka's converter reads 0.0, without a word.
 * It still does where it is left to: without schemas, in a schema's default, and in records that other software has
 * written in another form.
 *
 * <p>Thread-safe once configured.
 */
public final class LedgerJsonConverter implements Converter, HeaderConverter, Versioned {
    private final JsonConverter kafka;
    private RecordWriter writer;
    private RecordReader reader;

    public LedgerJsonConverter() {
        this(new JsonConverter());
    }

    LedgerJsonConverter(JsonConverter kafka) {
        this.kafka = kafka;
    }

    @Override
    public String version() {
        return Version.VERSION;
    }

    @Override
    public ConfigDef config() {
        return kafka.config();
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        Map<String, Object> typed = new HashMap<>(configs);
        typed.put(ConverterConfig.TYPE_CONFIG, (isKey ? ConverterType.KEY : ConverterType.VALUE).getName());
        configure(typed);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        kafka.configure(configs);
        JsonSettings settings = JsonSettings.of(kafka.config(), configs);
        boolean fast = settings.known() && settings.cachedSchemas() > 0;
        writer = fast ? new RecordWriter(kafka, settings) : null;
        reader = fast && settings.schemas() ? new RecordReader(kafka, settings) : null;
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        return writer == null ? kafka.fromConnectData(topic, schema, value) : writer.write(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        return reader == null || value == null ? kafka.toConnectData(topic, value) : reader.read(topic, value);
    }

    @Override
    public byte[] fromConnectHeader(String topic, String headerKey, Schema schema, Object value) {
        return fromConnectData(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectHeader(String topic, String headerKey, byte[] value) {
        return toConnectData(topic, value);
    }

    @Override
    public void close() {
        kafka.close();
    }
}
