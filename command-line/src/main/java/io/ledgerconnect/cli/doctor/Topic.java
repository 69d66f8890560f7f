package io.ledgerconnect.cli.doctor;

import java.util.Map;

/**
 * A topic as Kafka has it.
 *
 * @param replicas copies of each partition
 * @param settings its configuration, defaults of the brokers among it
 */
record Topic(String name, int partitions, int replicas, Map<String, String> settings) {
    String setting(String name, String otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    long number(String name, long otherwise) {
        try {
            return Long.parseLong(setting(name, Long.toString(otherwise)));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
