package io.ledgerconnect.sink;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** The worker's side of a task: remembers what the task asked for. */
final class FakeContext implements SinkTaskContext {
    final Map<TopicPartition, Long> seeks = new HashMap<>();
    final Set<TopicPartition> paused = new HashSet<>();
    Set<TopicPartition> assigned = Set.of();
    final List<SinkRecord> deadLetters = new CopyOnWriteArrayList<>();
    long timeoutMillis = -1;
    /** What the task asked to wait for in all, which nobody waits for here. */
    private Duration waited = Duration.ZERO;

    /** Lets time pass. */
    void pass(Duration length) {
        waited = waited.plus(length);
    }

    /** Lets time pass when the task has begun its next put. */
    void passDuringNextPut(Duration length) {
        nextPut = length;
        looks = 0;
    }

    private Duration nextPut = Duration.ZERO;
    private int looks;

    /** A clock on which the waits have passed. */
    final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            if (++looks == 2) {
                pass(nextPut);
                nextPut = Duration.ZERO;
            }
            return Instant.now().plus(waited);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        seeks.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
        seeks.put(partition, offset);
    }

    @Override
    public void timeout(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
        waited = waited.plusMillis(timeoutMillis);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return assigned;
    }

    @Override
    public void pause(TopicPartition... partitions) {
        paused.addAll(List.of(partitions));
    }

    @Override
    public void resume(TopicPartition... partitions) {
        paused.removeAll(List.of(partitions));
    }

    @Override
    public void requestCommit() {}

    @Override
    public ErrantRecordReporter errantRecordReporter() {
        return (record, error) -> {
            deadLetters.add(record);
            return CompletableFuture.completedFuture(null);
        };
    }

    @Override
    public PluginMetrics pluginMetrics() {
        throw new UnsupportedOperationException();
    }
}
