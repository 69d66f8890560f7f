package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The slot follows the offset that storage gives back, never what was merely sent. */
class AcknowledgementTest {
    private static final StreamIdentity STREAM = stream("slot", 100);

    private final Map<String, Object> storage = new HashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Acknowledgement acknowledgement = new Acknowledgement(new Storage(), "t");

    @AfterEach
    void close() {
        acknowledgement.close();
    }

    private static StreamIdentity stream(String slot, long start) {
        return new StreamIdentity(new SourceId("1", "ledger"), 1, slot, start, true);
    }

    private void store(StreamIdentity stream, boolean snapshotComplete, long lsn) {
        synchronized (storage) {
            storage.putAll(new SourceOffset(
                    Checkpoint.begin(stream, snapshotComplete, lsn, Map.of(), PublicationVersion.UNKNOWN), lsn + 5, 1));
        }
        int before = reads.get();
        acknowledgement.offsetsStored();
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> reads.get() > before);
    }

    private void awaitReleasable(long lsn) {
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(acknowledgement.releasableLsn(STREAM)).isEqualTo(lsn));
    }

    @Test
    void releasesUpToTheCheckpointThatWasReadBack() {
        assertThat(acknowledgement.releasableLsn(STREAM)).isZero();
        store(STREAM, true, 200);
        awaitReleasable(200);
        assertThat(acknowledgement.releasableLsn(STREAM.onTimeline(2))).isEqualTo(200);
        assertThat(acknowledgement.releasableLsn(stream("other", 100))).isZero();
        assertThat(acknowledgement.releasableLsn(stream("slot", 101))).isZero();
    }

    @Test
    void releasesNothingDuringTheSnapshotNorWhenStorageFails() {
        store(STREAM, false, 100);
        assertThat(acknowledgement.releasableLsn(STREAM)).isZero();
        synchronized (storage) {
            storage.put("fail", true);
        }
        store(STREAM, true, 200);
        assertThat(acknowledgement.releasableLsn(STREAM)).isZero();
        synchronized (storage) {
            storage.remove("fail");
        }
        store(STREAM, true, 300);
        awaitReleasable(300);
    }

    private final class Storage implements OffsetStorageReader {
        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            synchronized (storage) {
                reads.incrementAndGet();
                if (storage.containsKey("fail")) {
                    throw new ConnectException("no broker answers");
                }
                return new HashMap<>(storage);
            }
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            throw new UnsupportedOperationException();
        }
    }
}
