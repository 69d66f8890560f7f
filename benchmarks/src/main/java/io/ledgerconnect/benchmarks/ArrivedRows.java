package io.ledgerconnect.benchmarks;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Which rows have arrived in topics of one partition, by their key {@code {"id":…}}: a bit for each row, so that twenty
 * million take 2.5 MB. The topics must exist. Used by one thread.
 */
final class ArrivedRows implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

    private final Map<TopicPartition, BitSet> ids = new HashMap<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long records;

    ArrivedRows(String bootstrapServers, List<String> topics) {
        topics.forEach(topic -> ids.put(new TopicPartition(topic, 0), new BitSet()));
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        8 << 20,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        8 << 20,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        20_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(ids.keySet());
        consumer.seekToBeginning(ids.keySet());
    }

    /** Reads what has come since the last call. */
    void readOn() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(ids.keySet());
        long lastArrival = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> arrived : consumer.poll(POLL)) {
                records++;
                ids.get(new TopicPartition(arrived.topic(), arrived.partition()))
                        .set(id(arrived.key()));
                lastArrival = System.nanoTime();
            }
            if (System.nanoTime() - lastArrival > LONGEST_SILENCE.toNanos()) {
                throw new IllegalStateException("Kafka has not sent the records up to " + ends + " within "
                        + LONGEST_SILENCE.toSeconds() + " s");
            }
        }
    }

    /** How many records have been read, rows that came again counted again. */
    long records() {
        return records;
    }

    /** How many rows have been read, each counted once. */
    long rows() {
        return ids.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    /** The number in a key of one column, written without its schema. */
    static int id(byte[] key) {
        int id = 0;
        for (byte digit : key) {
            if (digit >= '0' && digit <= '9') {
                id = Math.addExact(Math.multiplyExact(id, 10), digit - '0');
            }
        }
        return id;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
