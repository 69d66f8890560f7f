package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of {@code transfers}, whose amount is the id of an account, get the note of that account. */
class EnrichmentTest {
    private static final String ENRICH = "table.transfers.enrich";
    private static final String ROWS = "SELECT id, account_note, _lsn FROM reporting.transfers ORDER BY _lsn, _ordinal";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    static Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "table.accounts.mode",
                "history",
                ENRICH,
                "account",
                ENRICH + ".account.table",
                "accounts",
                ENRICH + ".account.on",
                "amount = id",
                ENRICH + ".account.columns",
                "note as account_note"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private RunningSink sink(String... more) {
        return new RunningSink(store, topics, settings(more));
    }

    private void drain(String... more) {
        try (RunningSink sink = sink(more)) {
            sink.drain();
        }
    }

    private void account(Operation operation, long id, String note) {
        source.write("accounts", 0, operation, id, null, note);
    }

    /** Reads one table's partition first, then everything. */
    private void drainFirst(String table, String... more) {
        try (RunningSink sink = sink(more)) {
            sink.reading(partitions -> only(table, partitions)).drain();
            sink.reading(partitions -> partitions).drain();
        }
    }

    private static List<TopicPartition> only(String table, List<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> partition.topic().equals(FakeSource.topic(table)))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "upsert,accounts",
        "append,accounts",
        "history,accounts",
        "upsert,transfers",
        "append,transfers",
        "history,transfers"
    })
    void rowsHaveWhatTheDimensionWasAsOfTheirPosition(String mode, String first) {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "old");
        source.transaction(0x300).insert(1, 7);
        source.transaction(0x400);
        account(Operation.UPDATE, 7, "new");
        source.transaction(0x500).insert(2, 7);
        source.insert(3, 8);
        drainFirst(first, "table.transfers.mode", mode);
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/300", "2|new|0/500", "3||0/500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"accounts", "transfers"})
    void rowSeesTheDimensionAtTheEndOfItsTransaction(String first) {
        source.transaction(0x200).insert(1, 7);
        account(Operation.CREATE, 7, "first");
        account(Operation.UPDATE, 7, "last");
        drainFirst(first);
        assertThat(store.rows(ROWS)).containsExactly("1|last|0/200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"accounts", "transfers"})
    void deletedAndTruncatedDimensionRowsAreGoneForLaterRows(String first) {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        account(Operation.CREATE, 8, "eight");
        source.transaction(0x300).insert(1, 7);
        source.insert(2, 8);
        source.transaction(0x400).delete("accounts", 0, 7);
        source.transaction(0x500).insert(3, 7);
        source.insert(4, 8);
        source.transaction(0x600).truncate("accounts", 0);
        source.transaction(0x700).insert(5, 8);
        drainFirst(first);
        assertThat(store.rows(ROWS))
                .containsExactly("1|seven|0/300", "2|eight|0/300", "3||0/500", "4|eight|0/500", "5||0/700");
    }

    @Test
    void updateOfTheJoinColumnEnrichesAnew() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        account(Operation.CREATE, 8, "eight");
        source.transaction(0x300).insert(1, 7);
        drain();
        source.transaction(0x400).update(1, 8);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|eight|0/400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "history"})
    void joinColumnThatWasNotSentIsTheOneThatIsKept(String mode) {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "old");
        source.transaction(0x300).insert(1, 7);
        drain("table.transfers.mode", mode);
        source.transaction(0x400);
        account(Operation.UPDATE, 7, "new");
        source.transaction(0x500).updateWithout(1, null, "amount", "note");
        drain("table.transfers.mode", mode);
        assertThat(store.rows("SELECT amount, account_note FROM reporting.transfers WHERE _lsn = '0/500'"))
                .containsExactly("7|new");
    }

    @Test
    void nullLeavesWhatWasFound() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "old");
        source.transaction(0x300).insert(1, 7);
        drain(ENRICH + ".account.missing", "null");
        source.transaction(0x250);
        account(Operation.UPDATE, 7, "late");
        drain(ENRICH + ".account.missing", "null");
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/300");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append", "history"})
    void rowWithoutADimensionRowIsRefusedWhereThatIsWanted(String mode) {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "Kim");
        source.transaction(0x300).insert(1, 7);
        source.insert(2, 8);
        source.write(Operation.CREATE, 3, null, "of no account");
        source.transaction(0x400).delete(1);
        String[] settings = {"table.transfers.mode", mode, ENRICH + ".account.missing", "quarantine"};
        assertThatThrownBy(() -> drainFirst("accounts", settings))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("dimension account of its enrichment has no row for it")
                .hasMessageContaining("ledger.public.transfers-0 offset 1");
        drainFirst("accounts", settings[0], settings[1], settings[2], settings[3], "errors.tolerance", "all");
        assertThat(store.rows("SELECT DISTINCT id FROM reporting.transfers WHERE id > 1"))
                .containsExactly("3");
        assertThat(store.rows("SELECT key ->> 'id', split_part(reason, ',', 1) FROM ledger_connect.quarantine"))
                .containsExactly("2|dimension account of its enrichment has no row for it");
    }

    @Test
    void defaultStandsWhereTheDimensionHasNoRow() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, null);
        source.transaction(0x300).insert(1, 7);
        source.insert(2, 8);
        drain(ENRICH + ".account.default.account_note", "it's \\unknown");
        assertThat(store.rows(ROWS)).containsExactly("1||0/300", "2|it's \\unknown|0/300");
    }

    @Test
    void currentRowOfAnyTableIsTaken() {
        store.execute(
                "CREATE SCHEMA \"Ref\"; CREATE TABLE \"Ref\".\"Branch\" (\"Id\" bigint PRIMARY KEY, rate numeric(10,4));"
                        + " INSERT INTO \"Ref\".\"Branch\" VALUES (7, 1.5)");
        source.transaction(0x200).insert(1, 7);
        source.insert(2, 8);
        RunningSink.drain(
                store,
                topics,
                ENRICH,
                "branch",
                ENRICH + ".branch.table",
                "Ref.Branch",
                ENRICH + ".branch.on",
                "amount = Id",
                ENRICH + ".branch.as.of",
                "current",
                ENRICH + ".branch.columns",
                "rate");
        assertThat(store.rows("SELECT id, rate, format_type(atttypid, atttypmod) FROM reporting.transfers, pg_attribute"
                        + " WHERE attrelid = 'reporting.transfers'::regclass AND attname = 'rate' ORDER BY id"))
                .containsExactly("1|1.5000|numeric(10,4)", "2||numeric(10,4)");
    }

    @Test
    void computedColumnsAreOfTheRowAndOfItsEnrichment() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        source.transaction(0x300).insert(1, 7);
        source.insert(2, 8);
        drain(
                "table.transfers.compute.label", "note || ' of ' || coalesce(account_note, 'nobody')",
                "table.transfers.compute.day", "(_committed_at AT TIME ZONE 'Asia/Seoul')::date");
        assertThat(store.rows("SELECT label, day, pg_typeof(day) FROM reporting.transfers ORDER BY id"))
                .containsExactly("note 1 of seven|2026-09-21|date", "note 2 of nobody|2026-09-21|date");
    }

    @Test
    void computedColumnsAreCorrectedWithTheirEnrichment() {
        source.transaction(0x300).insert(1, 7);
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        drainFirst("transfers", "table.transfers.compute.label", "note || ' of ' || coalesce(account_note, 'nobody')");
        assertThat(store.rows("SELECT label FROM reporting.transfers")).containsExactly("note 1 of seven");
    }

    @Test
    void dimensionAsOfATimeOfTheRow() {
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.rates (id bigint, since bigint, til bigint, rate"
                        + " numeric, PRIMARY KEY (id, since)); INSERT INTO reporting.rates VALUES (1, 0, 10, 1.1), (1, 10, NULL, 1.2)");
        source.transaction(0x200).insert(1, 9);
        source.transaction(0x300).insert(1, 10);
        drain(
                "table.transfers.mode",
                "append",
                ENRICH + ".account.table",
                "rates",
                ENRICH + ".account.on",
                "id",
                ENRICH + ".account.as.of",
                "amount",
                ENRICH + ".account.valid",
                "since, til",
                ENRICH + ".account.columns",
                "rate");
        assertThat(store.rows("SELECT amount, rate FROM reporting.transfers ORDER BY amount"))
                .containsExactly("9|1.1", "10|1.2");
    }

    @Test
    void rowsThatWereThereBeforeGetTheColumnsToo() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        source.transaction(0x300).insert(1, 7);
        RunningSink.drain(store, topics, "table.accounts.mode", "history");
        source.transaction(0x400).insert(2, 7);
        drain();
        assertThat(store.rows(ROWS)).containsExactly("1|seven|0/300", "2|seven|0/400");
    }

    @Test
    void rowsAreNotEnrichedBeforeTheirDimensionIsThere() {
        source.transaction(0x200).insert(1, 7);
        try (RunningSink transfers = sink();
                RunningSink accounts = sink()) {
            transfers.reading(partitions -> only("transfers", partitions)).drain();
            assertThat(store.rows("SELECT id FROM reporting.transfers")).containsExactly("1");
            source.transaction(0x150);
            account(Operation.CREATE, 7, "seven");
            accounts.reading(partitions -> only("accounts", partitions)).drain();
            assertThat(store.rows(ROWS)).containsExactly("1|seven|0/200");
            source.transaction(0x300).insert(2, 7);
            transfers.drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|seven|0/200", "2|seven|0/300");
    }

    @Test
    void createdTableFindsRowsByTheDimensionsKey() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        source.insert(1, 7);
        drain();
        assertThat(store.rows("SELECT regexp_replace(indexdef, '.* USING ', '') FROM pg_indexes"
                        + " WHERE tablename = 'transfers' ORDER BY 1"))
                .containsExactly("btree (amount, _lsn)", "btree (id)");
    }

    @ParameterizedTest
    @CsvSource({
        "transfers,accounts,owners",
        "transfers,owners,accounts",
        "accounts,transfers,owners",
        "accounts,owners,transfers",
        "owners,transfers,accounts",
        "owners,accounts,transfers"
    })
    void dimensionIsFoundByAColumnOfAnEarlierOne(String first, String second, String third) {
        source.transaction(0x200).write("owners", 0, Operation.CREATE, 70, null, "Kim");
        source.write("owners", 0, Operation.CREATE, 71, null, "Lee");
        source.write("accounts", 0, Operation.CREATE, 7, 70L, "a");
        source.transaction(0x300).insert(1, 7);
        source.transaction(0x400).write("owners", 0, Operation.UPDATE, 70, null, "Kim jr.");
        source.transaction(0x500).insert(2, 7);
        source.transaction(0x600).write("accounts", 0, Operation.UPDATE, 7, 71L, "a");
        source.transaction(0x700).insert(3, 7);
        try (RunningSink sink = sink(
                "table.owners.mode",
                "history",
                ENRICH,
                "account, owner",
                ENRICH + ".account.columns",
                "note as account_note, amount as owner_id",
                ENRICH + ".owner.table",
                "owners",
                ENRICH + ".owner.on",
                "owner_id = id",
                ENRICH + ".owner.columns",
                "note as owner_name",
                "table.transfers.compute.label",
                "account_note || ' of ' || owner_name")) {
            for (String table : List.of(first, second, third)) {
                sink.reading(partitions -> only(table, partitions)).drain();
            }
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows("SELECT id, owner_id, owner_name, label FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|70|Kim|a of Kim", "2|70|Kim jr.|a of Kim jr.", "3|71|Lee|a of Lee");
    }

    @Test
    void dimensionOfAnotherLedgerStops() {
        source.transaction(0x200);
        account(Operation.CREATE, 7, "seven");
        drain();
        store.execute("UPDATE ledger_connect.target SET source = 'other/ledger'");
        source.transaction(0x300).insert(1, 7);
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("The dimension table reporting.accounts was filled by pipeline pipe")
                .hasMessageContaining("table.transfers.enrich.account.as.of=current");
        assertThat(new ArrayList<>(store.rows("SELECT to_regclass('reporting.transfers')")))
                .containsExactly("");
    }
}
