package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExactlyOnceTest {
    private static final String TRANSFERS = "SELECT id, amount, note, _lsn FROM reporting.transfers ORDER BY id";
    private static final TopicPartition PARTITION = new TopicPartition("ledger.public.transfers", 0);
    private static final Map<String, String> APPEND = Map.of("table.transfers.mode", "append");

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void writesRowsWithTheirPosition() {
        source.transaction(0x200).insert(1, 10);
        source.insert(2, 20);
        source.transaction(0x300).update(1, 11);
        source.delete(2);
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.drain();
            assertThat(store.rows(TRANSFERS)).containsExactly("1|11|note 1|0/300");
            assertThat(sink.committed(PARTITION)).isEqualTo(4);
        }
        assertThat(store.rows("SELECT pipeline, channel, partition, lsn, ordinal FROM ledger_connect.applied"))
                .containsExactly("pipe|public.transfers|0|0/300|2");
    }

    @Test
    void replayFromTheBeginningChangesNothing() {
        for (int i = 1; i <= 50; i++) {
            source.transaction(0x200 + i).insert(i, i);
        }
        try (RunningSink sink = new RunningSink(store, topics, APPEND)) {
            sink.drain();
        }
        try (RunningSink again = new RunningSink(store, topics, APPEND)) {
            again.pollRecords(7).drain();
        }
        assertThat(store.value("SELECT count(*), count(DISTINCT id) FROM reporting.transfers"))
                .isEqualTo("50|50");
    }

    @Test
    void repeatsInterleavedByAnotherProducerAreSkipped() {
        SinkRecord first = source.transaction(0x200).insert(1, 1);
        SinkRecord second = source.transaction(0x300).insert(2, 2);
        topics.repeat(first);
        topics.repeat(second);
        source.transaction(0x400).insert(3, 3);
        topics.repeat(second);
        try (RunningSink sink = new RunningSink(store, topics, APPEND)) {
            sink.pollRecords(2).drain();
        }
        assertThat(store.rows("SELECT id FROM reporting.transfers")).containsExactly("1", "2", "3");
    }

    @Test
    void tombstonesRepeatTheirDelete() {
        source.transaction(0x200).insert(1, 1);
        source.tombstone(source.transaction(0x300).delete(1));
        source.transaction(0x400).insert(1, 2);
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.pollRecords(1).drain();
        }
        assertThat(store.rows(TRANSFERS)).containsExactly("1|2|note 1|0/400");
    }

    @Test
    void twoTasksOnTheSamePartitionsWriteEachChangeOnce() throws Exception {
        for (int i = 1; i <= 2000; i++) {
            source.transaction(0x200 + i).insert(i, i);
        }
        try (RunningSink one = new RunningSink(store, topics, APPEND);
                RunningSink other = new RunningSink(store, topics, APPEND)) {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            Future<?> first = threads.submit(() -> one.pollRecords(37).drain());
            Future<?> second = threads.submit(() -> other.pollRecords(53).drain());
            first.get();
            second.get();
            threads.shutdown();
        }
        assertThat(store.value("SELECT count(*), count(DISTINCT id) FROM reporting.transfers"))
                .isEqualTo("2000|2000");
        assertThat(store.value("SELECT lsn, (SELECT sequence FROM ledger_connect.channel) FROM ledger_connect.applied"))
                .isEqualTo("0/9D0|2000");
    }
}
