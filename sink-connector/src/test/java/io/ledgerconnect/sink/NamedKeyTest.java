package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        replace(0, before, after);
    }

    private void replace(int partition, Struct before, Struct after) {
        source.send(
                "transfers",
                partition,
                Operation.UPDATE,
                FakeSource.key(before.getInt64("id")),
                before,
                after,
                List.of());
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

    /** The partitions of three rows, of which one after the other has the amount 5. */
    @ParameterizedTest
    @CsvSource({"0, 1, 2", "0, 2, 1", "1, 0, 2", "1, 2, 0", "2, 0, 1", "2, 1, 0"})
    void rowsOfSeveralPartitionsTakeOverAKeyInTheOrderOfTheLedger(int first, int second, int third) {
        source.transaction(0x200).write("transfers", first, Operation.CREATE, 1, 5L, "first");
        source.transaction(0x300);
        replace(first, FakeSource.row(1, 5L, "first"), FakeSource.row(1, 6L, "first"));
        source.transaction(0x400).write("transfers", second, Operation.CREATE, 2, 5L, "second");
        source.transaction(0x500);
        replace(second, FakeSource.row(2, 5L, "second"), FakeSource.row(2, 7L, "second"));
        source.transaction(0x600).write("transfers", third, Operation.CREATE, 3, 5L, "third");
        for (int pollRecords : List.of(1, 2, 3, 100)) {
            Map<String, String> settings = Map.of(
                    "table.transfers.key",
                    "amount",
                    "name",
                    "pipe" + pollRecords,
                    "table.name.format",
                    "poll" + pollRecords + ".${table}");
            try (RunningSink sink = new RunningSink(store, topics, settings)) {
                sink.pollRecords(pollRecords).drain();
            }
            assertThat(store.rows(ROWS.replace("reporting.", "poll" + pollRecords + ".")))
                    .as("%d records a poll", pollRecords)
                    .containsExactly("1|6|first", "2|7|second", "3|5|third");
        }
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
