package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when a pipeline meets a second stream. */
class StreamTest {
    private static final String ROWS = "SELECT id, amount, _lsn FROM reporting.transfers ORDER BY id";
    private static final String STATUS =
            "SELECT pipeline, source, complete_through_lsn, quarantined, gap FROM ledger_connect.status";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain() {
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.drain();
        }
    }

    @Test
    void snapshotRowsPrecedeTheStream() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        source.write(Operation.READ, 2, 20L, null);
        source.transaction(0x200).update(2, 21);
        source.watermark(0x250);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/FF", "2|21|0/200");
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/250|0|");
    }

    @Test
    void snapshotBegunAnewReplacesTheAbandonedOne() {
        FakeSource abandoned = new FakeSource(topics, "slot", 0x100, true);
        abandoned.write(Operation.READ, 1, 10L, null);
        abandoned.write("transfers", 1, Operation.READ, 2, 20L, null);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 11L, null);
        anew.transaction(0x400).insert(3, 30);
        anew.watermark(0x450);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|11|0/2FF", "3|30|0/400");
        assertThat(store.value("SELECT complete_through_lsn FROM ledger_connect.status"))
                .isEqualTo("0/450");
    }

    @Test
    void lateRowsOfAnAbandonedSnapshotAreNotWritten() {
        FakeSource abandoned = new FakeSource(topics, "slot", 0x100, true);
        abandoned.write(Operation.READ, 1, 10L, null);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.watermark(0x300);
        drain();
        assertThat(store.rows(ROWS)).isEmpty();
        abandoned.write(Operation.READ, 2, 20L, null);
        abandoned.write("transfers", 1, Operation.READ, 4, 40L, null);
        abandoned.write("accounts", 0, Operation.READ, 5, 50L, null);
        drain();
        assertThat(store.rows(ROWS)).isEmpty();
        assertThat(store.value("SELECT to_regclass('reporting.accounts')")).isEmpty();
    }

    @Test
    void freshSnapshotIntoAStreamingPipelineIsRefused() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        source.transaction(0x200).insert(2, 20);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 11L, null);
        assertThatThrownBy(this::drain)
                .hasMessageContaining("Stream slot@300")
                .hasMessageContaining("begins with a fresh snapshot")
                .hasMessageContaining("set resnapshot.mode=replace");
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/FF", "2|20|0/200");
    }

    @Test
    void freshSnapshotAfterACompleteOneIsRefusedThoughNoChangeWasApplied() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        source.watermark(0x100);
        drain();
        source.transaction(0x200).write("transfers", 1, Operation.CREATE, 2, 20L, null);
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 10L, null);
        anew.write(Operation.READ, 2, 20L, null);
        anew.watermark(0x300);
        assertThatThrownBy(this::drain).hasMessageContaining("has the whole snapshot of another stream already");
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/FF");
        drainReplacing();
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/2FF", "2|20|0/2FF");
    }

    @Test
    void changesThatAFreshSnapshotLeapsOverStopTheTask() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 11L, null);
        anew.watermark(0x300);
        drain();
        source.transaction(0x200).update(1, 11);
        assertThatThrownBy(this::drain)
                .hasMessageContaining("stream slot@100")
                .hasMessageContaining(
                        "position 0/200 #1, was not applied before a later stream brought a fresh snapshot");
        drainReplacing();
        assertThat(store.rows(ROWS)).containsExactly("1|11|0/2FF");
    }

    private void drainReplacing(String... more) {
        Map<String, String> settings = new java.util.HashMap<>(Map.of("resnapshot.mode", "replace"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        try (RunningSink sink = new RunningSink(store, topics, settings)) {
            sink.drain();
        }
    }

    /** Both clusters bring the rows that were asked for while the stream went on. */
    @Test
    void rowsThatWereAskedForAreChangesOfTheStream() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        source.watermark(0x150);
        drain();
        FakeSource other = new FakeSource(topics, "other", 0x120, false);
        for (FakeSource stream : List.of(other, source)) {
            stream.transaction(0x200).update(1, 11);
            stream.transaction(0x300).write(Operation.READ, 1, 11L, null);
            stream.write(Operation.READ, 7, 70L, null);
            stream.transaction(0x400).update(7, 71);
            stream.watermark(0x450);
            drain();
            assertThat(store.rows(ROWS)).containsExactly("1|11|0/300", "7|71|0/400");
        }
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/450|0|");
        assertThat(store.value("SELECT bool_or(snapshot) FROM ledger_connect.applied"))
                .isEqualTo("f");
    }

    @Test
    void freshSnapshotReplacesWhatWasStreamedIfThatIsWanted() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        source.transaction(0x200).insert(2, 20);
        source.watermark(0x250);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 11L, null);
        drainReplacing();
        assertThat(store.rows(ROWS)).containsExactly("1|11|0/2FF");
        assertThat(store.value("SELECT complete_through_lsn FROM ledger_connect.status"))
                .isEmpty();
        anew.transaction(0x400).insert(3, 30);
        anew.watermark(0x450);
        drainReplacing();
        assertThat(store.rows(ROWS)).containsExactly("1|11|0/2FF", "3|30|0/400");
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/450|0|");
    }

    @Test
    void freshSnapshotReplacesAppendTablesToo() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        source.transaction(0x200).insert(2, 20);
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 10L, null);
        anew.write(Operation.READ, 2, 20L, null);
        anew.watermark(0x310);
        drainReplacing("table.transfers.mode", "append");
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/2FF", "2|20|0/2FF");
    }

    @Test
    void aStreamWhoseBeginningIsGoneIsPassedOverForTheOneThatWasBegunAnew() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        topics.delete(source.write(Operation.READ, 1, 10L, null));
        source.transaction(0x200).insert(2, 20);
        source.watermark(0x250);
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 11L, null);
        anew.watermark(0x310);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|11|0/2FF");
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/310|0|");
    }

    @Test
    void holesInASupersededStreamDoNotMatter() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write(Operation.READ, 1, 10L, null);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 1, 11L, null);
        anew.watermark(0x310);
        drain();
        topics.delete(source.write(Operation.READ, 2, 20L, null));
        source.transaction(0x200).insert(4, 40);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|11|0/2FF");
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/310|0|");
    }

    @Test
    void anotherPipelineDoesNotAppendToAFilledTable() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        try (RunningSink sink = new RunningSink(store, topics, Map.of("table.transfers.mode", "append"))) {
            sink.drain();
        }
        assertThatThrownBy(() -> {
                    try (RunningSink sink = new RunningSink(
                            store, topics, Map.of("table.transfers.mode", "append", "pipeline.name", "other"))) {
                        sink.drain();
                    }
                })
                .hasMessageContaining("reporting.transfers was filled by pipeline pipe")
                .hasMessageContaining("pipeline.name");
        assertThat(store.value("SELECT count(*) FROM reporting.transfers")).isEqualTo("1");
    }

    @Test
    void secondStreamTakesOverWhereTheFirstStops() {
        FakeSource first = new FakeSource(topics, "one", 0x100, false);
        FakeSource second = new FakeSource(topics, "two", 0x250, false);
        first.transaction(0x200).insert(1, 10);
        first.transaction(0x300).insert(2, 20);
        first.watermark(0x310);
        second.transaction(0x300).insert(2, 20);
        second.transaction(0x400).insert(3, 30);
        second.watermark(0x410);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/200", "2|20|0/300", "3|30|0/400");
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/410|0|");
        first.transaction(0x400).insert(3, 30);
        first.transaction(0x500).insert(4, 40);
        drain();
        assertThat(store.rows("SELECT stream, sequence FROM ledger_connect.channel ORDER BY 1"))
                .containsExactly("one@100|4", "two@250|2");
        assertThat(store.value("SELECT count(*) FROM reporting.transfers")).isEqualTo("4");
    }

    @Test
    void streamThatBeganTooLateWaitsUntilThePipelineIsThere() {
        FakeSource first = new FakeSource(topics, "one", 0x100, false);
        FakeSource second = new FakeSource(topics, "two", 0x350, false);
        first.transaction(0x200).insert(1, 10);
        first.watermark(0x210);
        second.transaction(0x400).insert(3, 30);
        second.watermark(0x410);
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.putOnce(sink.poll());
            assertThat(store.rows(ROWS)).containsExactly("1|10|0/200");
            assertThat(store.value("SELECT complete_through_lsn FROM ledger_connect.status"))
                    .isEqualTo("0/210");
            assertThat(sink.context.paused).hasSize(1);
            first.transaction(0x300).insert(2, 20);
            first.watermark(0x360);
            sink.putOnce(List.of());
            sink.putOnce(sink.poll());
            sink.putOnce(sink.poll());
        }
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/200", "2|20|0/300", "3|30|0/400");
    }

    @Test
    void streamThatWaitsInVainStopsTheTask() {
        FakeSource first = new FakeSource(topics, "one", 0x100, false);
        FakeSource second = new FakeSource(topics, "two", 0x350, false);
        first.transaction(0x200).insert(1, 10);
        first.watermark(0x210);
        second.transaction(0x400).insert(3, 30);
        assertThatThrownBy(this::drain)
                .hasMessageContaining("Stream two@350 began without a snapshot")
                .hasMessageContaining("10 minutes");
    }

    @Test
    void completeThroughWaitsForEveryChannel() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        source.watermark(0x210);
        topics.delete(source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 1L, null));
        source.watermark(0x310);
        drain();
        assertThat(store.value("SELECT complete_through_lsn FROM ledger_connect.status"))
                .isEqualTo("0/210");
    }

    @Test
    void topicsThatAreNotReadDoNotCount() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        topics.delete(source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 1L, null));
        source.watermark(0x310);
        try (RunningSink sink =
                new RunningSink(store, topics, Map.of("topics.regex", "ledger\\.(public\\.transfers|watermarks)"))) {
            sink.drain();
        }
        assertThat(store.value("SELECT complete_through_lsn FROM ledger_connect.status"))
                .isEqualTo("0/310");
    }

    /** As a RegexRouter in the source connector does. */
    private Topics renamed(String from, String to) {
        Topics renamed = new Topics();
        for (TopicPartition partition : topics.partitions()) {
            topics.log(partition).values().forEach(record -> {
                List<Header> headers = new ArrayList<>();
                record.headers().forEach(headers::add);
                renamed.append(
                        record.topic().replaceFirst(from, to),
                        record.kafkaPartition(),
                        record.keySchema(),
                        record.key(),
                        record.valueSchema(),
                        record.value(),
                        headers);
            });
        }
        return renamed;
    }

    private void completeThroughWaits(Topics read, String topicsRegex) {
        String complete = "SELECT complete_through_lsn FROM ledger_connect.status";
        try (RunningSink sink = new RunningSink(store, read, Map.of("topics.regex", topicsRegex))) {
            List<SinkRecord> records = sink.poll();
            sink.put(records.stream()
                    .filter(record -> !record.topic().endsWith("accounts"))
                    .toList());
            assertThat(store.value(complete)).isEmpty();
            sink.put(records);
            assertThat(store.value(complete)).isEqualTo("0/310");
        }
    }

    @Test
    void renamedTopicsAllCount() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 1L, null);
        source.watermark(0x310);
        completeThroughWaits(renamed("ledger", "bank"), "bank\\..*");
    }

    @Test
    void renamedTopicsOfTablesAllCountBesideAWatermarkTopicThatKeptItsName() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 1L, null);
        source.watermark(0x310);
        completeThroughWaits(renamed("ledger\\.public\\.", ""), "transfers|accounts|ledger\\.watermarks");
    }

    @Test
    void topicsOfTablesAllCountBesideAWatermarkTopicThatWasRenamed() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 1L, null);
        source.watermark(0x310);
        completeThroughWaits(
                renamed("ledger\\.(watermarks|public\\.accounts)", "bank.$1"), "ledger\\.public\\.transfers|bank\\..*");
    }

    @Test
    void logicalMessagesCountAndAreNotWritten() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, true);
        source.write("message", 0, Operation.MESSAGE, 1, 10L, null);
        source.write(Operation.CREATE, 1, 10L, null);
        source.watermark(0x250);
        drain();
        assertThat(store.rows(ROWS)).hasSize(1);
        assertThat(store.value("SELECT to_regclass('reporting.message')")).isEmpty();
        assertThat(store.rows(STATUS)).containsExactly("pipe|7345678901234567890/ledger|0/250|0|");
    }

    @Test
    void completeWatermarksAreForgotten() {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        for (int i = 1; i <= 20; i++) {
            source.transaction(0x200 + 16 * i).insert(i, i);
            source.watermark(0x208 + 16 * i);
        }
        drain();
        source.watermark(0x500);
        drain();
        assertThat(store.rows("SELECT lsn FROM ledger_connect.watermark")).containsExactly("0/500");
    }
}
