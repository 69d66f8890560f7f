package io.ledgerconnect.benchmarks;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Counts what a topic has received, by its end offsets. */
final class Topics implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(60);

    private final String bootstrapServers;
    private final Admin admin;

    Topics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Sum of the end offsets of all partitions; 0 when the topic does not exist. */
    long end(String topic) throws InterruptedException, ExecutionException {
        try {
            int partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                latest.put(new TopicPartition(topic, i), OffsetSpec.latest());
            }
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(info -> info.offset())
                    .sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    /** Waits until a topic has received {@code count} records; looks fifty times a second. Returns how many it has. */
    long awaitEnd(String topic, long count) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            long end = end(topic);
            if (end >= count) {
                return end;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(topic + " has " + end + " of " + count + " records after "
                        + LONGEST_WAIT.toMinutes() + " minutes");
            }
            Thread.sleep(20);
        }
    }

    /**
     * Waits until the row with this id is the last that readers of committed records see in a topic of one partition.
     * In a topic that is written by transactions, offsets do not tell: their ends take some too.
     */
    void awaitLast(String topic, long id) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        try (TopicEnd end = new TopicEnd(bootstrapServers, topic)) {
            while (end.lastId() != id) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(topic + " ends with the row " + end.lastId() + ", not " + id
                            + ", after " + LONGEST_WAIT.toMinutes() + " minutes");
                }
                Thread.sleep(20);
            }
        }
    }

    /** Deletes those that exist. */
    void delete(Collection<String> topics) throws InterruptedException, ExecutionException {
        Set<String> existing = new HashSet<>(topics);
        existing.retainAll(admin.listTopics().names().get());
        admin.deleteTopics(existing).all().get();
    }

    @Override
    public void close() {
        admin.close();
    }
}
