package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.Operation;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A snapshot that was interrupted and is gone on with: a stream of its own that repeats positions. */
class InterruptedSnapshotTest {
    private static final String ROWS = "SELECT id, amount, _lsn FROM reporting.transfers ORDER BY id, amount";
    private static final String COMPLETE = "SELECT complete_through_lsn FROM ledger_connect.status";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource first = new FakeSource(topics, "slot", 0x100, true);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain(String... settings) {
        Map<String, String> all = settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]);
        try (RunningSink sink = new RunningSink(store, topics, all)) {
            sink.drain();
        }
    }

    private SinkRecord read(FakeSource attempt, long ordinal, int partition, long id, long amount) {
        return attempt.at("transfers", ordinal).write("transfers", partition, Operation.READ, id, amount, null);
    }

    @Test
    void itsRowsAreThereOnce() {
        read(first, 1 << 14, 0, 1, 10);
        FakeSource second = first.nextAttempt("slot.5f");
        read(first, 2 << 14, 0, 2, 20); // was sent, though the attempt that goes on does not know it
        read(second, 2 << 14, 0, 2, 20);
        read(second, 3 << 14, 1, 3, 30);
        second.transaction(0x200).update(2, 21);
        second.watermark(0x250);
        drain("table.transfers.mode", "append");
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/FF", "2|20|0/FF", "2|21|0/200", "3|30|0/FF");
        assertThat(store.value(COMPLETE)).isEqualTo("0/250");
    }

    @Test
    void aRowOfTheInterruptedAttemptThatIsLostKeepsItFromBeingComplete() {
        read(first, 1 << 14, 0, 1, 10);
        SinkRecord lost = read(first, 2 << 14, 1, 2, 20);
        FakeSource second = first.nextAttempt("slot.5f");
        topics.delete(lost);
        read(second, 3 << 14, 0, 3, 30);
        second.watermark(0x100);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|10|0/FF", "3|30|0/FF");
        assertThat(store.value(COMPLETE)).isEmpty();
    }

    @Test
    void whatOfAnAbandonedSnapshotIsGoneOnWithStaysAbandoned() {
        read(first, 1 << 14, 0, 1, 10);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 5, 50L, null);
        anew.watermark(0x300);
        drain();
        read(first.nextAttempt("slot.5f"), 2 << 14, 0, 2, 20);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("5|50|0/2FF");
        assertThat(store.value(COMPLETE)).isEqualTo("0/300");
    }

    @Test
    void aSnapshotBegunAnewTakesThePlaceOfAllAttempts() {
        read(first, 1 << 14, 0, 1, 10);
        FakeSource second = first.nextAttempt("slot.5f");
        read(second, 2 << 14, 1, 2, 20);
        drain();
        FakeSource anew = new FakeSource(topics, "slot", 0x300, true);
        anew.write(Operation.READ, 5, 50L, null);
        anew.watermark(0x300);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("5|50|0/2FF");
        assertThat(store.value(COMPLETE)).isEqualTo("0/300");
    }
}
