package io.ledgerconnect.cli;

import io.ledgerconnect.sink.ReportingSinkTask;
import io.ledgerconnect.source.LedgerSourceTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Both connectors' tasks, with a thread in the place of Kafka: what the source sends, the sink gets. */
public final class LocalPipeline implements AutoCloseable {
    private final LedgerSourceTask source = new LedgerSourceTask();
    private final ReportingSinkTask sink = new ReportingSinkTask();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Thread thread = new Thread(this::run, "pipeline");
    private volatile boolean running = true;
    private volatile boolean paused;
    private volatile RuntimeException failure;

    public LocalPipeline(TestDatabase ledger, TestDatabase store, String tables, Map<String, String> sinkSettings) {
        this(store, sourceSettings(ledger, tables), sinkSettings);
    }

    public LocalPipeline(TestDatabase store, Map<String, String> sourceSettings, Map<String, String> sinkSettings) {
        source.initialize(new SourceContext());
        source.start(sourceSettings);
        Map<String, String> settings = new HashMap<>(Map.of(
                "name", "pipe",
                "topics.regex", "ledger\\..*",
                "connection.url", store.url(),
                "connection.user", "postgres",
                "connection.password", "postgres"));
        settings.putAll(sinkSettings);
        sink.initialize(new SinkContext());
        sink.start(settings);
        thread.start();
    }

    public static Map<String, String> sourceSettings(TestDatabase ledger, String tables) {
        return Map.of(
                "topic.prefix", "ledger",
                "database.hostname", "localhost",
                "database.port", String.valueOf(TestServer.port()),
                "database.dbname", ledger.name(),
                "database.user", "postgres",
                "database.password", "postgres",
                "slot.name", "slot_" + ledger.name(),
                "table.include.list", tables,
                "topic.creation.default.partitions", "3",
                "watermark.interval.ms", "100");
    }

    private void run() {
        try {
            while (running) {
                List<SourceRecord> batch = paused ? null : source.poll();
                List<SinkRecord> records = new ArrayList<>();
                for (SourceRecord sent : batch == null ? List.<SourceRecord>of() : batch) {
                    records.add(arrived(sent));
                    source.commitRecord(sent, null);
                }
                put(records);
                if (paused) {
                    Thread.sleep(10);
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As a worker does: what the sink calls retriable is tried again. */
    private void put(List<SinkRecord> records) throws InterruptedException {
        while (true) {
            try {
                sink.put(records);
                return;
            } catch (RetriableException e) {
                Thread.sleep(10);
            }
        }
    }

    private SinkRecord arrived(SourceRecord sent) {
        int partition = sent.kafkaPartition() == null ? 0 : sent.kafkaPartition();
        long offset = ends.merge(new TopicPartition(sent.topic(), partition), 1L, Long::sum) - 1;
        return new SinkRecord(
                sent.topic(),
                partition,
                sent.keySchema(),
                sent.key(),
                sent.valueSchema(),
                sent.value(),
                offset,
                0L,
                TimestampType.CREATE_TIME,
                sent.headers());
    }

    /** Nothing arrives from now on. */
    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
    }

    /** Fails with what a task has failed with. */
    public boolean isRunning() {
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        thread.join();
        source.stop();
        sink.stop();
        if (failure != null) {
            throw failure;
        }
    }

    private static final class SourceContext implements SourceTaskContext {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new NoSuchMethodError("an older worker");
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return null;
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                    return Map.of();
                }
            };
        }
    }

    private static final class SinkContext implements SinkTaskContext {
        private final Set<TopicPartition> none = new HashSet<>();

        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {}

        @Override
        public void offset(TopicPartition partition, long offset) {}

        @Override
        public void timeout(long timeoutMillis) {}

        @Override
        public Set<TopicPartition> assignment() {
            return none;
        }

        @Override
        public void pause(TopicPartition... partitions) {}

        @Override
        public void resume(TopicPartition... partitions) {}

        @Override
        public void requestCommit() {}

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return null;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new NoSuchMethodError("an older worker");
        }
    }
}
