package io.ledgerconnect.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** A Kafka cluster as far as a sink sees it: logs by partition, in which records can be deleted. */
final class Topics {
    private final Map<TopicPartition, TreeMap<Long, SinkRecord>> logs = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    SinkRecord append(
            String topic,
            int partition,
            Schema keySchema,
            Object key,
            Schema schema,
            Object value,
            List<Header> headers) {
        TopicPartition where = new TopicPartition(topic, partition);
        long offset = ends.merge(where, 1L, Long::sum) - 1;
        SinkRecord record = new SinkRecord(
                topic, partition, keySchema, key, schema, value, offset, 0L, TimestampType.CREATE_TIME, headers);
        logs.computeIfAbsent(where, any -> new TreeMap<>()).put(offset, record);
        return record;
    }

    /** Sends what a record holds once more, as a source does after a restart. */
    void repeat(SinkRecord record) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(headers::add);
        append(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                headers);
    }

    /** As retention does, or worse. */
    void delete(SinkRecord record) {
        log(new TopicPartition(record.topic(), record.kafkaPartition())).remove(record.kafkaOffset());
    }

    void restore(SinkRecord record) {
        log(new TopicPartition(record.topic(), record.kafkaPartition())).put(record.kafkaOffset(), record);
    }

    List<TopicPartition> partitions() {
        return logs.keySet().stream()
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
    }

    NavigableMap<Long, SinkRecord> log(TopicPartition partition) {
        return logs.get(partition);
    }
}
