package io.ledgerconnect.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A task under a worker that reads {@link Topics}. */
final class RunningSink implements AutoCloseable {
    private static final int MOST_POLLS = 10_000;

    private final Topics topics;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    final FakeContext context = new FakeContext();
    private final ReportingSinkTask task = new ReportingSinkTask(context.clock);
    int retries;
    private int pollRecords = Integer.MAX_VALUE;
    private UnaryOperator<List<TopicPartition>> order = UnaryOperator.identity();

    RunningSink(ReportingStore store, Topics topics, Map<String, String> more) {
        this.topics = topics;
        task.initialize(context);
        task.start(properties(store, more));
    }

    /** Runs a sink with these settings (key, value, …) until everything has been read. */
    static void drain(ReportingStore store, Topics topics, String... settings) {
        Map<String, String> more = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        try (RunningSink sink = new RunningSink(store, topics, more)) {
            sink.drain();
        }
    }

    static Map<String, String> properties(ReportingStore store, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name", "pipe",
                "topics.regex", "ledger\\..*",
                "connection.url", store.url(),
                "connection.user", "postgres",
                "connection.password", "postgres"));
        properties.putAll(more);
        return properties;
    }

    RunningSink pollRecords(int most) {
        pollRecords = most;
        return this;
    }

    /** Which partitions are read, and in what order. */
    RunningSink reading(UnaryOperator<List<TopicPartition>> partitions) {
        order = partitions;
        return this;
    }

    /** Polls until everything that is not paused has been read; a retriable fault is tried again at once. */
    RunningSink drain() {
        for (int polls = 0; polls < MOST_POLLS; polls++) {
            List<SinkRecord> records = poll();
            if (records.isEmpty()) {
                boolean waits = !context.paused.isEmpty();
                put(records);
                if (context.seeks.isEmpty() && !waits) {
                    return this;
                }
            } else {
                put(records);
            }
        }
        throw new AssertionError("still reading after " + MOST_POLLS + " polls");
    }

    /** Hands the records over, again and again while the fault is one that heals. */
    void put(List<SinkRecord> records) {
        while (true) {
            try {
                task.put(records);
                return;
            } catch (RetriableException e) {
                retries++;
            }
        }
    }

    void putOnce(List<SinkRecord> records) {
        task.put(records);
    }

    List<SinkRecord> poll() {
        next.putAll(context.seeks);
        context.seeks.clear();
        List<SinkRecord> records = new ArrayList<>();
        for (TopicPartition partition : order.apply(topics.partitions())) {
            if (!context.paused.contains(partition)) {
                for (var entry : topics.log(partition)
                        .tailMap(next.getOrDefault(partition, 0L))
                        .entrySet()) {
                    if (records.size() == pollRecords) {
                        return records;
                    }
                    records.add(entry.getValue());
                    next.put(partition, entry.getKey() + 1);
                }
            }
        }
        return records;
    }

    void readFrom(TopicPartition partition, long offset) {
        next.put(partition, offset);
    }

    /** The offset that is read next. */
    long position(TopicPartition partition) {
        return context.seeks.getOrDefault(partition, next.getOrDefault(partition, 0L));
    }

    long committed(TopicPartition partition) {
        return task.preCommit(Map.of(partition, new OffsetAndMetadata(Long.MAX_VALUE)))
                .get(partition)
                .offset();
    }

    @Override
    public void close() {
        task.stop();
    }
}
