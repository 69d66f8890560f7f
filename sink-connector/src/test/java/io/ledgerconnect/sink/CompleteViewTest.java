package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Views that show what is complete of append and history tables. */
class CompleteViewTest {
    private static final String ENTRIES = "SELECT id, amount, _op FROM reporting.entries_complete ORDER BY _lsn, id";
    private static final String ACCOUNTS = """
            SELECT id, amount, _lsn, _until_lsn, _until_ordinal, _until IS NULL, _current
            FROM reporting.accounts_complete ORDER BY id, _lsn""";
    private static final Map<String, String> SETTINGS =
            Map.of("complete.views", "true", "table.entries.mode", "append", "table.accounts.mode", "history");

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private RunningSink sink() {
        return new RunningSink(store, topics, SETTINGS);
    }

    private void drain() {
        try (RunningSink sink = sink()) {
            sink.drain();
        }
    }

    private SinkRecord entry(int partition, long id, long amount) {
        return source.write("entries", partition, Operation.CREATE, id, amount, "leg");
    }

    private SinkRecord account(Operation operation, long id, long amount) {
        return source.write("accounts", 0, operation, id, amount, "account");
    }

    @Test
    void aTransfersLegsAreAllThereOrNone() {
        source.transaction(0x200);
        SinkRecord debit = entry(0, 1, -5);
        SinkRecord credit = entry(1, 2, 5);
        SinkRecord watermark = source.watermark(0x201);
        try (RunningSink sink = sink()) {
            sink.put(List.of(debit));
            assertThat(store.rows(ENTRIES)).isEmpty();
            sink.put(List.of(watermark));
            assertThat(store.rows(ENTRIES)).isEmpty();
            sink.put(List.of(credit));
            assertThat(store.rows(ENTRIES)).containsExactly("1|-5|c", "2|5|c");
            source.transaction(0x300);
            sink.put(List.of(entry(0, 3, -7), entry(1, 4, 7)));
            assertThat(store.rows(ENTRIES)).as("no watermark says so yet").containsExactly("1|-5|c", "2|5|c");
            sink.put(List.of(source.watermark(0x301)));
            assertThat(store.rows(ENTRIES)).containsExactly("1|-5|c", "2|5|c", "3|-7|c", "4|7|c");
        }
    }

    /** A watermark is the end of a commit record, and there the next one may begin. */
    @Test
    void commitThatBeginsWhereTheWatermarkIsIsNotShown() {
        source.transaction(0x200);
        entry(0, 1, -5);
        entry(1, 2, 5);
        source.watermark(0x230);
        source.transaction(0x230);
        entry(0, 3, -7);
        account(Operation.CREATE, 1, 10);
        drain();
        assertThat(store.rows(ENTRIES)).containsExactly("1|-5|c", "2|5|c");
        assertThat(store.rows(ACCOUNTS)).isEmpty();
    }

    @Test
    void versionsAreValidAsOfWhatIsComplete() {
        source.transaction(0x200);
        account(Operation.CREATE, 1, 10);
        account(Operation.CREATE, 2, 20);
        source.transaction(0x300);
        account(Operation.UPDATE, 1, 11);
        source.watermark(0x301);
        source.transaction(0x400);
        account(Operation.UPDATE, 1, 12);
        source.delete("accounts", 0, 2);
        account(Operation.CREATE, 3, 30);
        drain();
        assertThat(store.rows(ACCOUNTS))
                .containsExactly("1|10|0/200|0/300|1|f|f", "1|11|0/300|||t|t", "2|20|0/200|||t|t");
        source.watermark(0x401);
        drain();
        assertThat(store.rows(ACCOUNTS))
                .containsExactly(
                        "1|10|0/200|0/300|1|f|f",
                        "1|11|0/300|0/400|1|f|f",
                        "1|12|0/400|||t|t",
                        "2|20|0/200|0/400|2|f|f",
                        "3|30|0/400|||t|t");
    }

    @Test
    void tablesAreCompleteThroughTheSameCommit() {
        source.transaction(0x200);
        SinkRecord account = account(Operation.CREATE, 1, 10);
        SinkRecord entry = entry(0, 1, 5);
        SinkRecord watermark = source.watermark(0x201);
        String both = "SELECT (SELECT count(*) FROM reporting.accounts_complete), (SELECT count(*) FROM"
                + " reporting.entries_complete)";
        try (RunningSink sink = sink()) {
            source.transaction(0x300);
            sink.put(List.of(account, account(Operation.UPDATE, 1, 11), watermark));
            sink.put(List.of(entry));
            assertThat(store.rows(both)).containsExactly("1|1");
        }
    }

    @Test
    void onlyAppendAndHistoryTablesHaveViewsAndOnlyWhereTheyAreAskedFor() {
        source.transaction(0x200);
        entry(0, 1, 5);
        account(Operation.CREATE, 1, 10);
        source.insert(1, 1);
        drain();
        String views = "SELECT viewname FROM pg_views WHERE schemaname = 'reporting' ORDER BY 1";
        assertThat(store.rows(views)).containsExactly("accounts_complete", "entries_complete");
        store.execute("DROP VIEW reporting.accounts_complete, reporting.entries_complete");
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.remove("complete.views");
        source.transaction(0x300);
        entry(0, 2, 5);
        try (RunningSink sink = new RunningSink(store, topics, settings)) {
            sink.drain();
        }
        assertThat(store.rows(views)).isEmpty();
    }

    @Test
    void aReaderNeedsNoPrivilegeButOnTheView() {
        source.transaction(0x200);
        entry(0, 1, 5);
        source.watermark(0x201);
        drain();
        String role = "reader_" + store.value("SELECT current_database()");
        store.execute("CREATE ROLE " + role + "; GRANT USAGE ON SCHEMA reporting TO " + role
                + "; GRANT SELECT ON reporting.entries_complete TO " + role + "; SET ROLE " + role);
        assertThat(store.rows(ENTRIES)).containsExactly("1|5|c");
        store.execute("RESET ROLE");
    }

    @Test
    void namesAreQuotedAndATableThatIsRenamedKeepsItsView() {
        Map<String, String> settings = Map.of(
                "complete.views",
                "true",
                "table.Odd \" name.mode",
                "append",
                "table.name.format",
                "The Store.${table}");
        source.transaction(0x200).write("Odd \" name", 0, Operation.CREATE, 1, 5L, null);
        source.watermark(0x201);
        try (RunningSink sink = new RunningSink(store, topics, settings)) {
            sink.drain();
        }
        String rows = "SELECT id, amount FROM \"The Store\".\"Odd \"\" name_complete\"";
        assertThat(store.rows(rows)).containsExactly("1|5");
        store.execute("ALTER TABLE \"The Store\".\"Odd \"\" name\" RENAME TO \"New Odd \"\" name\"");
        assertThat(store.rows(rows)).as("until the sink knows").isEmpty();
        source.transaction(0x300).write("Odd \" name", 0, Operation.CREATE, 2, 6L, null);
        source.watermark(0x301);
        Map<String, String> renamed = Map.of(
                "complete.views",
                "true",
                "table.New Odd \" name.mode",
                "append",
                "table.name.format",
                "The Store.New ${table}");
        try (RunningSink sink = new RunningSink(store, topics, renamed)) {
            sink.drain();
        }
        assertThat(store.rows(rows)).containsExactly("1|5", "2|6");
        assertThat(store.rows("SELECT id, amount FROM \"The Store\".\"New Odd \"\" name_complete\""))
                .containsExactly("1|5", "2|6");
    }

    @Test
    void aColumnThatTheLedgerGetsIsShown() {
        source.transaction(0x200);
        entry(0, 1, 5);
        drain();
        Schema wider = SchemaBuilder.struct()
                .name("wider")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field("city", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        Struct row = new Struct(wider).put("id", 2L).put("city", "Bern");
        source.transaction(0x300).send("entries", 0, Operation.CREATE, FakeSource.key(2), null, row, List.of());
        source.watermark(0x301);
        drain();
        assertThat(store.rows("SELECT id, city FROM reporting.entries_complete ORDER BY id"))
                .containsExactly("1|", "2|Bern");
    }

    @Test
    void aViewThatWasDroppedToAlterTheTableIsMadeAnew() {
        source.transaction(0x200);
        entry(0, 1, 5);
        try (RunningSink sink = sink()) {
            sink.drain();
            store.execute("DROP VIEW reporting.entries_complete;"
                    + " ALTER TABLE reporting.entries ALTER amount TYPE numeric, ALTER note TYPE varchar(100)");
            source.transaction(0x300);
            entry(0, 2, 6);
            source.watermark(0x301);
            sink.drain();
        }
        assertThat(store.rows(ENTRIES)).containsExactly("1|5|c", "2|6|c");
    }

    @Test
    void whatHasTheViewsNameIsNotReplaced() {
        store.execute("CREATE SCHEMA reporting; CREATE VIEW reporting.entries_complete AS SELECT 1 AS id");
        source.transaction(0x200);
        entry(0, 1, 5);
        assertThatThrownBy(this::drain)
                .hasMessageContaining("reporting.entries_complete is there already, and the sink did not make it")
                .hasMessageContaining("complete.views=false");
        assertThat(store.rows("SELECT * FROM reporting.entries_complete")).containsExactly("1");
    }

    @Test
    void aViewOfAnotherShapeIsNotReplaced() {
        source.transaction(0x200);
        entry(0, 1, 5);
        drain();
        store.execute(
                "ALTER TABLE reporting.entries RENAME note TO remark; ALTER TABLE reporting.entries ADD note text");
        source.transaction(0x300);
        entry(0, 2, 5);
        assertThatThrownBy(this::drain)
                .hasMessageContaining("shows the columns of reporting.entries as they were")
                .hasMessageContaining("DROP VIEW \"reporting\".\"entries_complete\"");
        store.execute("DROP VIEW reporting.entries_complete");
        source.watermark(0x301);
        drain();
        assertThat(store.rows("SELECT id, remark, note FROM reporting.entries_complete ORDER BY id"))
                .containsExactly("1|leg|", "2||leg");
    }

    @Test
    void aNameThatTheServerWouldCutOffIsRefused() {
        String table = "t".repeat(60);
        source.transaction(0x200).write(table, 0, Operation.CREATE, 1, 5L, null);
        Map<String, String> settings = Map.of("complete.views", "true", "table." + table + ".mode", "append");
        try (RunningSink sink = new RunningSink(store, topics, settings)) {
            assertThatThrownBy(sink::drain).hasMessageContaining("_complete is longer than the 63 bytes");
        }
    }

    @Test
    void validationSaysWhereAViewCannotBeMade() {
        String role = "writer_" + store.value("SELECT current_database()");
        store.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p'; CREATE SCHEMA ledger_connect AUTHORIZATION " + role
                + "; CREATE SCHEMA reporting; GRANT USAGE ON SCHEMA reporting TO " + role
                + "; CREATE TABLE reporting.entries (id bigint, amount bigint, note text, _op text, _lsn pg_lsn,"
                + " _ordinal bigint, _committed_at timestamptz); GRANT ALL ON reporting.entries TO " + role);
        Map<String, String> settings = new HashMap<>(RunningSink.properties(store, SETTINGS));
        settings.putAll(Map.of(
                "connection.user",
                role,
                "connection.password",
                "p",
                "topics",
                "ledger.public.entries,ledger.watermarks"));
        settings.remove("topics.regex");
        settings.remove("table.accounts.mode");
        assertThat(errors(settings))
                .singleElement()
                .asString()
                .contains(
                        "may not create the view reporting.entries_complete: GRANT CREATE ON SCHEMA \"reporting\" TO");
        store.execute("GRANT CREATE ON SCHEMA reporting TO " + role);
        assertThat(errors(settings)).isEmpty();
        store.execute("CREATE VIEW reporting.entries_complete AS SELECT 1 AS id");
        assertThat(errors(settings)).singleElement().asString().contains("is there already");
    }

    private static List<String> errors(Map<String, String> settings) {
        return new ReportingSinkConnector()
                .validate(settings).configValues().stream()
                        .map(ConfigValue::errorMessages)
                        .flatMap(List::stream)
                        .toList();
    }
}
