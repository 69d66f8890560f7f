package io.ledgerconnect.testbed;

import java.util.HashMap;
import java.util.Map;

/**
 * How to start a broker.
 *
 * @param heap the largest heap, in the JVM's notation
 * @param properties broker properties, laid over the testbed's own
 */
public record KafkaSpec(String heap, Map<String, String> properties) {

    public KafkaSpec {
        properties = Map.copyOf(properties);
    }

    public static KafkaSpec defaults() {
        return new KafkaSpec("512m", Map.of());
    }

    public KafkaSpec withHeap(String size) {
        return new KafkaSpec(size, properties);
    }

    public KafkaSpec withProperty(String name, String value) {
        Map<String, String> changed = new HashMap<>(properties);
        changed.put(name, value);
        return new KafkaSpec(heap, changed);
    }
}
