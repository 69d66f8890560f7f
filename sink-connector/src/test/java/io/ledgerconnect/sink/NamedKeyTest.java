package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that are told apart by other columns than the record's key. */
class NamedKeyTest {
    private static final String ROWS = "SELECT id, amount, note FROM reporting.transfers ORDER BY id";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain(String... settings) {
        RunningSink.drain(store, topics, settings);
    }

    /** As with REPLICA IDENTITY FULL. */
    private void replace(Struct before, Struct after) {
        source.send("transfers", 0, Operation.UPDATE, FakeSource.key(before.getInt64("id")), before, after, List.of());
    }

    @Test
    void keyMayBeNamed() {
        source.transaction(0x200).write(Operation.CREATE, 1, 5L, "a");
        source.write(Operation.CREATE, 2, 5L, "b");
        drain("table.transfers.key", "amount");
        assertThat(store.rows(ROWS)).containsExactly("2|5|b");
    }

    @Test
    void namedKeyThatChangesMovesTheRow() {
        source.transaction(0x200).write(Operation.CREATE, 1, 5L, "a");
        source.write(Operation.CREATE, 2, 6L, "b");
        drain("table.transfers.key", "amount");
        source.transaction(0x300);
        replace(FakeSource.row(1, 5L, "a"), FakeSource.row(1, 7L, "a"));
        replace(FakeSource.row(2, 6L, "b"), FakeSource.row(2, 5L, "c"));
        replace(FakeSource.row(1, 7L, "a"), FakeSource.row(1, 6L, "a"));
        drain("table.transfers.key", "amount");
        assertThat(store.rows(ROWS)).containsExactly("1|6|a", "2|5|c");
    }

    @Test
    void namedKeyOfWhichTheLedgerDoesNotTellTheFormerValueStopsTheTask() {
        source.transaction(0x200).write(Operation.CREATE, 1, 5L, "a");
        source.transaction(0x300).update(1, 6);
        assertThatThrownBy(() -> drain("table.transfers.key", "amount"))
                .hasMessageContaining("updates a row of public.transfers without saying what amount was before")
                .hasMessageContaining("REPLICA IDENTITY FULL");
    }

    @Test
    void deleteThatDoesNotTellTheNamedKeyStopsTheTask() {
        source.transaction(0x200).write(Operation.CREATE, 1, 5L, "a");
        source.transaction(0x300).delete(1);
        assertThatThrownBy(() -> drain("table.transfers.key", "amount"))
                .hasMessageContaining("deletes a row of public.transfers without saying what amount was before");
    }
}
