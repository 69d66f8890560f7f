package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What to say when Connect asks for no records. Its producer waits for ever, and says nothing: for brokers, which come
 * back, and for a partition that its topic does not have, which does not. The task cannot tell these apart, and its
 * thread is the one that waits, so this warns and does not fail. Thread-safe: Connect's task thread tells what it does,
 * the capturing thread asks.
 */
final class DeliveryAlarm {
    /** A batch takes less than a second to send. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration REPEAT = Duration.ofMinutes(5);
    private static final int TOPICS_NAMED = 5;

    private final int partitions;
    private final LongSupplier nanoTime;
    private volatile long askedNanos;
    private volatile List<SourceRecord> atHand = List.of();
    /** Belong to the capturing thread. */
    private long warnedOfNanos;

    private long warnedNanos;

    DeliveryAlarm(int partitions, LongSupplier nanoTime) {
        this.partitions = partitions;
        this.nanoTime = nanoTime;
        this.askedNanos = nanoTime.getAsLong();
    }

    /** Connect asks for records: it has sent those that it took before. */
    void asked() {
        askedNanos = nanoTime.getAsLong();
    }

    void taken(RecordBatch batch) {
        atHand = batch.records();
    }

    /** Due when there are records that Connect does not ask for. */
    Optional<String> warning() {
        long now = nanoTime.getAsLong();
        long asked = askedNanos;
        boolean told = warnedOfNanos == asked && now - warnedNanos < REPEAT.toNanos();
        if (now - asked < PATIENCE.toNanos() || told) {
            return Optional.empty();
        }
        warnedOfNanos = asked;
        warnedNanos = now;
        return Optional.of(sentence(Duration.ofNanos(now - asked).toSeconds()));
    }

    private String sentence(long seconds) {
        Map<String, Set<Integer>> topics = topics();
        String example = topics.keySet().stream().findFirst().orElse("TOPIC");
        return "Connect has taken no records for " + seconds
                + " s, unless the connector is paused because Kafka does not"
                + " take those that it has: " + described(topics) + ". Nothing is lost, but they and what follows wait,"
                + " and the slot holds back WAL. If brokers do not answer, it goes on by itself once they do. If a topic"
                + " has fewer partitions than topic.creation.default.partitions=" + partitions
                + ", it waits for ever: look with kafka-topics.sh --describe --topic " + example
                + ", and add what is missing with kafka-topics.sh --alter --topic " + example + " --partitions "
                + partitions;
    }

    private Map<String, Set<Integer>> topics() {
        Map<String, Set<Integer>> topics = new TreeMap<>();
        for (SourceRecord sent : atHand) {
            topics.computeIfAbsent(sent.topic(), topic -> new TreeSet<>()).add(sent.kafkaPartition());
        }
        return topics;
    }

    private static String described(Map<String, Set<Integer>> topics) {
        String named = topics.entrySet().stream()
                .limit(TOPICS_NAMED)
                .map(topic -> topic.getKey() + " (partition "
                        + topic.getValue().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ')')
                .collect(Collectors.joining(", "));
        return topics.size() <= TOPICS_NAMED ? named : named + " and " + (topics.size() - TOPICS_NAMED) + " more";
    }
}
