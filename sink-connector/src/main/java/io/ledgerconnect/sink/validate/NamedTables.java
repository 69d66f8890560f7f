package io.ledgerconnect.sink.validate;

import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.TableName;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The reporting tables to which topics named one by one lead, as far as the topics are named as the source does. */
final class NamedTables {
    private NamedTables() {}

    /** Each with the ledger tables, {@code schema.table}, after which its topics are named. */
    static Map<TableName, Set<String>> of(SinkConfig config) {
        Map<TableName, Set<String>> tables = new TreeMap<>();
        for (String topic : config.topics().names()) {
            String[] parts = topic.split("\\.", -1);
            if (parts.length >= 2 && !topic.endsWith(Watermark.TOPIC_SUFFIX)) {
                String ledgerTable = parts[parts.length - 2] + '.' + parts[parts.length - 1];
                TableName table = config.tables().nameFormat().target(ledgerTable, topic);
                tables.computeIfAbsent(table, any -> new TreeSet<>()).add(ledgerTable);
            }
        }
        return tables;
    }

    /** Whether all topics are named, and as the source names them: {@code prefix.schema.table}. */
    static boolean areAllKnown(SinkConfig config) {
        Set<String> topics = config.topics().names();
        return !topics.isEmpty()
                && topics.stream()
                        .filter(topic -> !topic.endsWith(Watermark.TOPIC_SUFFIX))
                        .allMatch(topic -> topic.chars().filter(c -> c == '.').count() >= 2);
    }
}
