package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that the ledger did not send, since they are stored out of line and did not change. */
class AbsentValueTest {
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

    @Test
    void valueThatWasNotSentIsTakenFromTheBatch() {
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "long text");
        source.transaction(0x300).updateWithout(1, 2L, "note");
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|2|long text");
    }

    @Test
    void valueThatWasNotSentStaysInTheTable() {
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "long text");
        source.insert(2, 1);
        drain();
        source.transaction(0x300).updateWithout(1, 2L, "note");
        source.updateWithout(1, 3L, "note", "amount");
        source.update(2, 5);
        drain();
        assertThat(store.rows("SELECT id, amount, note, _lsn FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|2|long text|0/300", "2|5|note 2|0/300");
    }

    @Test
    void valueThatWasNotSentWithANewKeyIsNull() {
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "long text");
        drain();
        source.transaction(0x300).delete(1);
        source.writeWithout("transfers", 0, Operation.CREATE, 2, 1L, "note");
        source.writeWithout("transfers", 0, Operation.CREATE, 3, 1L, "note");
        source.updateWithout(3, 7L, "note");
        drain();
        assertThat(store.rows(ROWS)).containsExactly("2|1|", "3|7|");
    }

    @Test
    void valueThatWasNotSentIsNullInAnAppendTable() {
        source.transaction(0x200).writeWithout("transfers", 0, Operation.CREATE, 2, 1L, "note");
        source.updateWithout(2, 2L, "note");
        drain("table.transfers.mode", "append");
        assertThat(store.rows("SELECT id, amount, note, _op FROM reporting.transfers ORDER BY _ordinal"))
                .containsExactly("2|1||c", "2|2||u");
    }

    @Test
    void valueThatWasNotSentUnderAnotherNameStopsTheTask() {
        source.transaction(0x200).updateWithout(1, 2L, "remark");
        for (String mode : List.of("upsert", "append")) {
            assertThatThrownBy(() -> drain("table.transfers.mode", mode))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("did not send column remark of public.transfers")
                    .hasMessageContaining("a transform renamed or removed it");
        }
    }

    @Test
    void valueThatWasNotSentForAnUnknownRowStopsTheTask() {
        source.transaction(0x200).updateWithout(1, 2L, "note");
        assertThatThrownBy(this::drain)
                .hasMessageContaining("leaves columns as they were, but the row that has them is not in the table");
    }

    @Test
    void partialUpdateThatComesAfterALaterTruncateOfAnotherPartitionIsVoid() {
        partialUpdateBehindATruncate();
        assertThat(store.rows("SELECT id, amount, note FROM reporting.transfers"))
                .containsExactly("3|3|note 3");
        assertThat(store.rows("SELECT pipeline, source, channel, lsn, ordinal FROM ledger_connect.truncation"))
                .containsExactly("pipe|7345678901234567890/ledger|public.transfers|0/400|1");
        assertThat(store.rows("SELECT partition, lsn FROM ledger_connect.applied ORDER BY 1"))
                .containsExactly("0|0/400", "1|0/500");
    }

    @Test
    void partialUpdateBehindATruncateIsVoidInATableWithoutOrdinals() {
        store.execute("CREATE SCHEMA reporting");
        store.execute("CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint, note text, "
                + "_lsn pg_lsn, _committed_at timestamptz)");
        partialUpdateBehindATruncate();
        assertThat(store.rows(ROWS)).containsExactly("3|3|note 3");
    }

    private void partialUpdateBehindATruncate() {
        source.transaction(0x200).write("transfers", 0, Operation.CREATE, 1, 1L, "long text");
        source.write("transfers", 1, Operation.CREATE, 2, 1L, "long text");
        drain();
        source.transaction(0x300).writeWithout("transfers", 1, Operation.UPDATE, 2, 2L, "note");
        source.transaction(0x400).truncate("transfers", 0);
        source.truncateAgain("transfers", 1);
        source.transaction(0x500).write("transfers", 1, Operation.CREATE, 3, 3L, "note 3");
        try (RunningSink sink = new RunningSink(store, topics, Map.of())) {
            sink.pollRecords(1).drain();
        }
    }

    @Test
    void partialUpdateOfAnUnknownRowAfterATruncateStopsTheTask() {
        source.transaction(0x200).insert(1, 1);
        source.transaction(0x300).truncate("transfers", 0);
        source.updateWithout(1, 2L, "note");
        assertThatThrownBy(this::drain).hasMessageContaining("the row that has them is not in the table");
    }
}
