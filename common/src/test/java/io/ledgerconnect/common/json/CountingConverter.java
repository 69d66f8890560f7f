package io.ledgerconnect.common.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;

/** Kafka's converter, which counts what is left to it. */
final class CountingConverter extends JsonConverter {
    int written;
    int read;
    int translated;

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        written++;
        return super.fromConnectData(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        read++;
        return super.toConnectData(topic, value);
    }

    @Override
    public ObjectNode asJsonSchema(Schema schema) {
        translated++;
        return super.asJsonSchema(schema);
    }
}
