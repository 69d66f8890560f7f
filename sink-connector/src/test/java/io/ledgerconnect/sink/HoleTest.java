package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HoleTest {
    private static final TopicPartition PARTITION = new TopicPartition("ledger.public.transfers", 0);
    private static final String IDS = "SELECT id FROM reporting.transfers ORDER BY id";
    private static final String GAP = "SELECT gap FROM ledger_connect.status";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private long through = 0x300;
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private RunningSink sink() {
        return new RunningSink(store, topics, Map.of("table.transfers.mode", "append"));
    }

    private SinkRecord insert(long id) {
        return source.transaction(0x200 + id).insert(id, id);
    }

    @Test
    void lostRecordStopsTheTaskAndIsNamed() {
        insert(1);
        insert(2);
        topics.delete(insert(3));
        insert(4);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("sequence 3 is missing after position 0/202 #1")
                    .hasMessageContaining("ledger.public.transfers-0 goes on at offset 3 with sequence 4");
            assertThat(sink.committed(PARTITION)).isEqualTo(2);
        }
        assertThat(store.rows(IDS)).containsExactly("1", "2");
        assertThat(store.value(GAP)).contains("sequence 3 is missing after position 0/202 #1");
    }

    @Test
    void oldestRecordsDeletedBeforeTheyWereReadStopTheTask() {
        topics.delete(insert(1));
        topics.delete(insert(2));
        insert(3);
        try (RunningSink sink = sink()) {
            sink.putOnce(sink.poll());
            sink.putOnce(sink.poll());
            assertThat(store.value(GAP))
                    .as("told at once, also while a stream that replaces this one may follow")
                    .contains("sequence 1 is missing after position 0/0 #0");
            assertThatThrownBy(sink::drain).hasMessageContaining("sequence 1 is missing after position 0/0 #0");
        }
    }

    /** Lets so much time pass that a silence is noticed, and then acted upon. */
    private void passSilence(RunningSink sink) {
        sink.context.pass(Duration.ofSeconds(6));
        sink.drain();
        sink.context.pass(Duration.ofSeconds(16));
        source.watermark(++through);
        sink.drain();
    }

    @Test
    void recordsThatTheConsumerPassedOverAreReadThoughNothingFollows() {
        insert(1);
        try (RunningSink sink = sink()) {
            sink.drain();
            insert(2);
            source.watermark(++through);
            sink.readFrom(PARTITION, 2);
            sink.context.assigned = Set.copyOf(topics.partitions());
            passSilence(sink);
        }
        assertThat(store.rows(IDS)).containsExactly("1", "2");
    }

    @Test
    void recordsOfAChannelThatWasNeverReadAreReadThoughNothingFollows() {
        insert(1);
        source.watermark(++through);
        try (RunningSink sink = sink()) {
            sink.readFrom(PARTITION, 1);
            sink.context.assigned = Set.copyOf(topics.partitions());
            passSilence(sink);
        }
        assertThat(store.rows(IDS)).containsExactly("1");
    }

    @Test
    void lastRecordsDeletedBeforeTheyWereReadAreToldThoughNothingFollows() {
        insert(1);
        topics.delete(insert(2));
        source.watermark(++through);
        try (RunningSink sink = sink()) {
            sink.context.assigned = Set.copyOf(topics.partitions());
            passSilence(sink);
            assertThat(store.value(GAP)).as("it was read again first").isEmpty();
            passSilence(sink);
            assertThat(store.value(GAP))
                    .contains("sequence 2 is missing after position 0/201 #1")
                    .contains("ledger.public.transfers-0 brings nothing more");
            sink.context.pass(Duration.ofSeconds(61));
            source.watermark(++through);
            assertThatThrownBy(sink::drain)
                    .hasMessageContaining("sequence 2 is missing after position 0/201 #1")
                    .hasMessageContaining("ledger.public.transfers-0 brings nothing from offset 1 on");
        }
    }

    @Test
    void recordThatFollowsLostOnesAtLastStopsTheTaskAtOnce() {
        insert(1);
        topics.delete(insert(2));
        source.watermark(++through);
        try (RunningSink sink = sink()) {
            sink.context.assigned = Set.copyOf(topics.partitions());
            passSilence(sink);
            passSilence(sink);
            insert(3);
            assertThatThrownBy(sink::drain).hasMessageContaining("sequence 2 is missing");
        }
    }

    /** Of two clusters, either has its own records in partitions of the same name. */
    @Test
    void silenceOfAStreamThatMayBeInAnotherClusterDoesNotStopTheTask() {
        insert(1);
        FakeSource other = new FakeSource(topics, "two", 0x100, false);
        source.watermark(++through);
        RunningSink.drain(store, topics, "table.transfers.mode", "append");
        topics.delete(insert(2));
        other.watermark(++through);
        source.watermark(++through);
        RunningSink.drain(store, topics, "table.transfers.mode", "append");
        try (RunningSink sink = sink()) {
            Set<TopicPartition> all = Set.copyOf(topics.partitions());
            all.forEach(partition -> sink.readFrom(partition, 10));
            sink.context.assigned = all;
            for (int i = 0; i < 5; i++) {
                source.watermark(++through);
                RunningSink.drain(store, topics, "table.transfers.mode", "append");
                sink.context.pass(Duration.ofSeconds(61));
                sink.drain();
            }
            assertThat(store.value(GAP)).contains("sequence 2 is missing");
        }
    }

    /** A partition may be the last of many that the consumer brings records of. */
    @Test
    void timeInWhichTheTaskIsBusyIsNotSilence() {
        insert(1);
        topics.delete(insert(2));
        source.watermark(++through);
        try (RunningSink sink = sink()) {
            sink.context.assigned = Set.copyOf(topics.partitions());
            sink.drain();
            for (int i = 0; i < 10; i++) {
                source.watermark(++through);
                sink.context.passDuringNextPut(Duration.ofMinutes(1));
                sink.drain();
            }
        }
        assertThat(store.value(GAP)).isEmpty();
    }

    @Test
    void aSilenceInWhichNoWatermarkComesIsAnOutage() {
        insert(1);
        topics.delete(insert(2));
        source.watermark(++through);
        try (RunningSink sink = sink()) {
            sink.context.assigned = Set.copyOf(topics.partitions());
            for (int i = 0; i < 10; i++) {
                sink.context.pass(Duration.ofMinutes(1));
                sink.drain();
            }
        }
        assertThat(store.value(GAP)).isEmpty();
    }

    @Test
    void restoredRecordFillsTheGap() {
        insert(1);
        SinkRecord lost = insert(2);
        topics.delete(lost);
        insert(3);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain).isInstanceOf(ConnectException.class);
        }
        topics.restore(lost);
        try (RunningSink sink = sink()) {
            sink.drain();
        }
        assertThat(store.rows(IDS)).containsExactly("1", "2", "3");
        assertThat(store.value(GAP)).isEmpty();
    }

    @Test
    void offsetsMovedAheadAreRewound() {
        for (int i = 1; i <= 5; i++) {
            insert(i);
        }
        try (RunningSink sink = sink()) {
            sink.pollRecords(2).putOnce(sink.poll());
        }
        try (RunningSink sink = sink()) {
            sink.readFrom(PARTITION, 4);
            sink.drain();
        }
        assertThat(store.rows(IDS)).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void otherTablesGoOnUntilTheTaskStops() {
        topics.delete(insert(1));
        insert(2);
        source.transaction(0x300).write("accounts", 0, Operation.CREATE, 7, 1L, null);
        try (RunningSink sink = sink()) {
            sink.putOnce(sink.poll());
            assertThat(store.rows("SELECT id FROM reporting.accounts")).containsExactly("7");
            assertThat(sink.context.seeks).containsEntry(PARTITION, 0L);
        }
    }

    @Test
    void longStretchOfRepeatsIsSkippedByTheHint() {
        for (int i = 1; i <= 21_000; i++) {
            insert(i);
        }
        try (RunningSink sink = sink()) {
            sink.drain();
        }
        try (RunningSink sink = sink()) {
            List<SinkRecord> first = sink.pollRecords(100).poll();
            sink.putOnce(first);
            assertThat(sink.context.seeks).containsEntry(PARTITION, 20_999L);
            insert(21_001);
            sink.drain();
        }
        assertThat(store.value("SELECT count(*), count(DISTINCT id) FROM reporting.transfers"))
                .isEqualTo("21001|21001");
    }

    @Test
    void recordThatLostItsHeaderStopsTheTask() {
        insert(1);
        topics.append("ledger.public.transfers", 0, FakeSource.KEY, FakeSource.key(1), null, null, List.of());
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain)
                    .hasMessageContaining("ledger.public.transfers-0 offset 1 has no header ledger.position");
        }
    }

    @Test
    void recordWithoutSchemaStopsTheTask() {
        topics.append("ledger.public.transfers", 0, null, null, null, Map.of("after", Map.of()), List.of());
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain).hasMessageContaining("value.converter.schemas.enable=true");
        }
    }
}
