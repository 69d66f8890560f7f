package io.ledgerconnect.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The last committed record in a topic of one partition. Used by one thread. */
final class TopicEnd implements AutoCloseable {
    /** More than the ends of transactions that may stand after it. */
    private static final long BACK = 20;

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    TopicEnd(String bootstrapServers, String topic) {
        partition = new TopicPartition(topic, 0);
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
    }

    /** The id of its row; 0 where none is seen. */
    long lastId() {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        consumer.seek(partition, Math.max(0, end - BACK));
        long last = 0;
        for (ConsumerRecord<byte[], byte[]> seen : consumer.poll(POLL)) {
            last = id(seen.key());
        }
        return last;
    }

    /** The number in a key of one column, with or without its schema. */
    private static long id(byte[] key) {
        String json = new String(key, StandardCharsets.UTF_8);
        return Long.parseLong(json.substring(json.lastIndexOf(':') + 1).replaceAll("\\D", ""));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
