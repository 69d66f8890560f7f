package io.ledgerconnect.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the records that arrive in a topic of one partition, and how old they are. Used by one thread. */
final class Arrivals implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Begins after what is in the topic now. */
    Arrivals(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
        consumer.assign(partition);
        consumer.seekToEnd(partition);
        consumer.position(partition.get(0)); // makes the seek happen now
    }

    /** How old records were when they arrived. */
    static final class Latencies {
        private final int[] sortedMicros;

        private Latencies(IntStream micros) {
            sortedMicros = micros.sorted().toArray();
        }

        double millis(double quantile) {
            if (sortedMicros.length == 0) {
                throw new IllegalStateException("No record has arrived");
            }
            int index = (int) Math.ceil(quantile * sortedMicros.length) - 1;
            return sortedMicros[Math.max(0, index)] / 1e3;
        }

        int count() {
            return sortedMicros.length;
        }
    }

    void awaitFirst() {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (consumer.poll(POLL).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "No record has arrived within " + LONGEST_WAIT.toMinutes() + " minutes");
            }
        }
    }

    /** Takes what arrives and forgets it. */
    void pass(Duration length) {
        measure(length);
    }

    /** Takes what arrives and notes how long ago each record's change was committed. */
    Latencies measure(Duration length) {
        IntStream.Builder micros = IntStream.builder();
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            for (ConsumerRecord<byte[], byte[]> arrived : records) {
                micros.add(Math.toIntExact(now - committedAtMicros(arrived)));
            }
        }
        return new Latencies(micros.build());
    }

    /** {@code source.ts_us} of an envelope in JSON, by its text: the same in both connectors' records. */
    private static long committedAtMicros(ConsumerRecord<byte[], byte[]> arrived) {
        String json = new String(arrived.value(), StandardCharsets.UTF_8);
        int begin = json.indexOf("\"ts_us\":", json.indexOf("\"source\":{")) + "\"ts_us\":".length();
        int end = begin;
        while (Character.isDigit(json.charAt(end))) {
            end++;
        }
        return Long.parseLong(json.substring(begin, end));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
