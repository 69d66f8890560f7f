package io.ledgerconnect.integration;

import io.ledgerconnect.testbed.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What an operator with Kafka's own tools sees and does. Not thread-safe. */
public final class Kafka implements AutoCloseable {

    /** A poll that finds nothing for this long has a broker that does not answer. */
    private static final Duration POLL = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final Admin admin;

    public Kafka(KafkaBroker broker) {
        bootstrapServers = broker.bootstrapServers();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** The topic's partitions; empty while there is no such topic. */
    public List<TopicPartition> partitions(String topic) {
        try {
            int count = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get()
                    .partitions()
                    .size();
            return IntStream.range(0, count)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return List.of();
            }
            throw failed(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    void create(String topic, int partitions) {
        get(admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                .all());
    }

    /** Adds partitions up to this number. */
    void widen(String topic, int partitions) {
        get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all());
    }

    public List<String> topics(String prefix) {
        return get(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> request =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec));
        return get(admin.listOffsets(request).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Number of records that the topic has ever had. */
    public long end(String topic) {
        return ends(partitions(topic)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Deletes the records before the offset, as retention would. */
    void deleteBefore(TopicPartition partition, long offset) {
        get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    /** Puts records in the place of those that a topic of one partition has from an offset on. */
    void rewrite(TopicPartition partition, long from, UnaryOperator<ConsumerRecord<byte[], byte[]>> edit) {
        List<ConsumerRecord<byte[], byte[]>> records = readAll(partition.topic()).stream()
                .filter(record -> record.offset() >= from)
                .map(edit)
                .toList();
        deleteBefore(partition, ends(List.of(partition)).get(partition));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(new ProducerRecord<>(
                        partition.topic(), partition.partition(), record.key(), record.value(), record.headers())));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The offsets that a consumer group has committed. */
    Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    void deleteGroup(String group) {
        get(admin.deleteConsumerGroups(List.of(group)).all());
    }

    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        forEach(List.of(topic), records::add);
        return records;
    }

    /** Reads the topics from their first record through those that are last now, each partition in its order. */
    void forEach(Collection<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        List<TopicPartition> partitions =
                topics.stream().flatMap(topic -> partitions(topic).stream()).toList();
        Map<TopicPartition, Long> ends = ends(partitions);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(consumerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (records.isEmpty()) {
                    throw new IllegalStateException("No record of " + topics + " came within " + POLL);
                }
                records.forEach(reader);
            }
        }
    }

    private Map<String, Object> consumerSettings() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5000,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException failed(ExecutionException e) {
        return new IllegalStateException(e.getCause().getMessage(), e.getCause());
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while waiting for the broker", e);
    }

    @Override
    public void close() {
        admin.close();
    }
}
