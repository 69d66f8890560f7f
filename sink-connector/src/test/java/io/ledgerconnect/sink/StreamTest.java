package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.Map;
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
                .hasMessageContaining("set pipeline.name to a new name");
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/FF", "2|20|0/200");
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
            sink.putOnce(java.util.List.of());
            sink.putOnce(sink.poll());
            sink.putOnce(sink.poll());
        }
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/200", "2|20|0/300", "3|30|0/400");
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
