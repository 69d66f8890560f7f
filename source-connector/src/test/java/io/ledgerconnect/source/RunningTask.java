package io.ledgerconnect.source;

import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.watermark.Watermark;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** A task with a worker's side played by the test: offsets are stored when the test says so. */
final class RunningTask implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LedgerSourceTask task = new LedgerSourceTask();
    private final Map<String, String> settings;
    private final Map<Map<String, ?>, Map<String, Object>> storedOffsets;
    final List<SourceRecord> received = new ArrayList<>();
    int largestBatch;
    private boolean acknowledges = true;

    RunningTask(Map<String, String> settings, Map<Map<String, ?>, Map<String, Object>> storedOffsets) {
        this.settings = settings;
        this.storedOffsets = storedOffsets;
        task.initialize(new Context());
        task.start(settings);
    }

    RunningTask(Map<String, String> settings) {
        this(settings, new HashMap<>());
    }

    /** From now on Kafka does not answer. */
    RunningTask withoutKafka() {
        acknowledges = false;
        return this;
    }

    /** Polls until a record fits; fails when it has not come on the busiest of machines. */
    SourceRecord pollUntil(Predicate<SourceRecord> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<SourceRecord> batch = task.poll();
            if (batch != null) {
                if (acknowledges) {
                    batch.forEach(sent -> task.commitRecord(sent, null));
                }
                received.addAll(batch);
                largestBatch = Math.max(largestBatch, batch.size());
                for (SourceRecord candidate : batch) {
                    if (wanted.test(candidate)) {
                        return candidate;
                    }
                }
            }
        }
        throw new AssertionError("No such record came; received: " + received.size());
    }

    /** Polls for so long, whatever comes. */
    void pollFor(long millis) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < end) {
            List<SourceRecord> batch = task.poll();
            received.addAll(batch == null ? List.of() : batch);
        }
    }

    /** Everything up to and with a watermark through {@code lsn}, which is what the database had reached. */
    List<SourceRecord> pollThrough(long lsn) throws InterruptedException {
        pollUntil(candidate -> isWatermark(candidate)
                && Long.compareUnsigned(
                                Watermark.fromStruct((Struct) candidate.value()).lsn(), lsn)
                        >= 0);
        return changes();
    }

    /** Everything through what the database has written by now. */
    List<SourceRecord> pollThroughNow(String database) throws InterruptedException, SQLException {
        return pollThrough(LedgerServer.walEnd(database));
    }

    /** The same, and the watermark that says so. */
    SourceRecord pollThroughNowAndOn(String database) throws InterruptedException, SQLException {
        pollThroughNow(database);
        return received.get(received.size() - 1);
    }

    /** Polls until the task fails; fails itself after half a minute. */
    ConnectException pollUntilFailure() throws InterruptedException {
        try {
            pollUntil(any -> false);
        } catch (ConnectException e) {
            return e;
        }
        throw new AssertionError("The task did not fail");
    }

    /** What was received without the watermarks. */
    List<SourceRecord> changes() {
        return received.stream().filter(candidate -> !isWatermark(candidate)).toList();
    }

    static String operation(SourceRecord change) {
        return change.value() == null ? "tombstone" : ((Struct) change.value()).getString("op");
    }

    static Struct key(SourceRecord change) {
        return (Struct) change.key();
    }

    static Struct after(SourceRecord change) {
        return ((Struct) change.value()).getStruct("after");
    }

    static Struct before(SourceRecord change) {
        return ((Struct) change.value()).getStruct("before");
    }

    static boolean isWatermark(SourceRecord candidate) {
        return Watermark.isWatermark(candidate.valueSchema());
    }

    static String header(SourceRecord change) {
        return (String) change.headers().lastWithName(PositionHeader.NAME).value();
    }

    static PositionHeader position(SourceRecord change) {
        return new PositionHeader.Reader().read(header(change));
    }

    /** Stores the offset of a record as Connect would, and tells the task. */
    void store(SourceRecord last) {
        storedOffsets.put(last.sourcePartition(), new HashMap<>(last.sourceOffset()));
        task.commit();
    }

    @Override
    public void close() {
        task.stop();
    }

    private final class Context implements SourceTaskContext {
        @Override
        public Map<String, String> configs() {
            return settings;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException();
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return storedOffsets.get(partition);
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
