package io.ledgerconnect.sink.offset;

import io.ledgerconnect.sink.read.Origins;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The offsets up to which everything read is applied, in memory. They are what is committed to Kafka: hints for where
 * to begin after a restart.
 */
public final class KafkaOffsets {
    private final Map<TopicPartition, Long> next = new HashMap<>();
    /** Partitions of which a record is held: what follows it in this put is not applied as far as Kafka goes. */
    private final Set<TopicPartition> blocked = new HashSet<>();

    private TopicPartition last;

    /** Begins a put. */
    public void begin() {
        blocked.clear();
        last = null;
    }

    /** The record is applied, or was before. */
    public void applied(SinkRecord record) {
        TopicPartition partition = partitionOf(record);
        if (!blocked.contains(partition)) {
            next.put(partition, Origins.offset(record) + 1);
        }
    }

    /** The record must be read again. */
    public void held(SinkRecord record) {
        blocked.add(partitionOf(record));
    }

    /** What was held of the partition in this put is gone through once more. */
    void unblock(TopicPartition partition) {
        blocked.remove(partition);
    }

    /** Reading goes on from {@code offset}. */
    void moved(TopicPartition partition, long offset) {
        next.put(partition, offset);
    }

    /** Where reading of a partition goes on as far as is known here; null before anything of it was read. */
    Long next(TopicPartition partition) {
        return next.get(partition);
    }

    private TopicPartition partitionOf(SinkRecord record) {
        String topic = Origins.topic(record);
        int partition = Origins.partition(record);
        if (last == null || last.partition() != partition || !last.topic().equals(topic)) {
            last = new TopicPartition(topic, partition);
        }
        return last;
    }

    public void forget(Collection<TopicPartition> partitions) {
        next.keySet().removeAll(partitions);
    }

    /** What may be committed of the partitions that the worker asks about. */
    public Map<TopicPartition, OffsetAndMetadata> committable(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>();
        next.forEach((partition, offset) -> {
            if (partitions.contains(partition)) {
                committable.put(partition, new OffsetAndMetadata(offset));
            }
        });
        return committable;
    }
}
