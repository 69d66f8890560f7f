package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.SourceId;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose rows a reporting table has: those of one ledger table and one pipeline. */
class TableClaimsTest {
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
    void twoLedgerTablesThatLeadToOneReportingTableStopTheTask() {
        source.transaction(0x200).write("eu.transfers", 0, Operation.CREATE, 1, 10L, null);
        source.write("us.transfers", 0, Operation.CREATE, 1, 20L, null);
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("eu.transfers and us.transfers are both written to reporting.transfers")
                .hasMessageContaining("table.name.format=reporting.${schema}_${table}");
        drain("table.name.format", "reporting.${schema}_${table}", "pipeline.name", "other");
        assertThat(store.rows("SELECT amount FROM reporting.eu_transfers UNION ALL"
                        + " SELECT amount FROM reporting.us_transfers"))
                .containsExactly("10", "20");
    }

    @Test
    void ledgerTableThatLeadsToAnothersReportingTableStopsALaterTaskToo() {
        source.transaction(0x200).write("eu.transfers", 0, Operation.CREATE, 1, 10L, null);
        drain();
        source.transaction(0x300).write("us.transfers", 0, Operation.CREATE, 1, 20L, null);
        assertThatThrownBy(this::drain).hasMessageContaining("eu.transfers and us.transfers are both written");
        assertThat(store.rows("SELECT amount FROM reporting.transfers")).containsExactly("10");
    }

    @Test
    void tableOfAnotherLedgerDoesNotMixWithTheRowsOfTheFirst() {
        FakeSource shard = new FakeSource(topics, new SourceId("7345678901234567890", "shard"), "slot", 0x100, false);
        source.transaction(0x200).insert(1, 10);
        drain();
        shard.transaction(0x300).truncate("transfers", 0);
        assertThatThrownBy(this::drain)
                .hasMessageContaining("reporting.transfers has the rows of public.transfers of ledger"
                        + " 7345678901234567890/ledger")
                .hasMessageContaining("public.transfers of ledger 7345678901234567890/shard leads there too")
                .hasMessageContaining("TRUNCATE \"reporting\".\"transfers\"");
        assertThat(store.rows(ROWS)).containsExactly("1|10|note 1");
    }

    @Test
    void ledgerOnANewServerTakesOverAnEmptiedTable() {
        source.transaction(0x900).insert(1, 10);
        drain();
        store.execute("TRUNCATE reporting.transfers");
        FakeSource moved = new FakeSource(topics, new SourceId("7000000000000000000", "ledger"), "slot", 0x100, true);
        moved.write(Operation.READ, 1, 11L, null);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|11|");
        source.transaction(0xA00).insert(2, 20);
        assertThatThrownBy(this::drain).hasMessageContaining("of ledger 7000000000000000000/ledger");
        assertThat(store.rows(ROWS)).containsExactly("1|11|");
    }

    @Test
    void anotherPipelineDoesNotWriteToAFilledTable() {
        source.transaction(0x200).insert(1, 10);
        source.transaction(0x300).delete(1);
        source.transaction(0x400).insert(2, 20);
        drain();
        assertThatThrownBy(() -> drain("pipeline.name", "other"))
                .hasMessageContaining("reporting.transfers was filled by pipeline pipe")
                .hasMessageContaining("pipeline.name=pipe");
        store.execute("TRUNCATE reporting.transfers");
        drain("pipeline.name", "other");
        assertThat(store.rows(ROWS)).containsExactly("2|20|note 2");
    }

    @Test
    void rowsOfALostStateStopTheTask() {
        source.transaction(0x200).insert(1, 10);
        drain();
        store.execute("DROP SCHEMA ledger_connect CASCADE");
        assertThatThrownBy(this::drain)
                .hasMessageContaining(
                        "reporting.transfers has rows that a sink wrote, and ledger_connect does not know");
        assertThat(store.rows(ROWS)).containsExactly("1|10|note 1");
    }

    @Test
    void changedTableNameFormatDoesNotLeaveRowsBehind() {
        source.transaction(0x200).insert(1, 10);
        drain();
        source.transaction(0x300).insert(2, 20);
        String[] format = {"table.name.format", "reporting.${schema}_${table}"};
        assertThatThrownBy(() -> drain(format))
                .hasMessageContaining("public.transfers has been written to reporting.transfers")
                .hasMessageContaining("leads to reporting.public_transfers now");
        store.execute("ALTER TABLE reporting.transfers RENAME TO public_transfers");
        drain(format);
        assertThat(store.rows("SELECT id FROM reporting.public_transfers ORDER BY id"))
                .containsExactly("1", "2");
    }
}
