package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ledger-connect audit} tells of what it has compared: the page, sums, and columns that are not sent as
 * they are.
 */
class AuditEvidenceTest {
    private static final String KEY = "a key that nobody can guess";

    private final TestDatabase ledger = new TestDatabase("ledger");
    private final TestDatabase store = new TestDatabase("reporting");
    private final FakeWorker worker = new FakeWorker();
    private LocalPipeline pipeline;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        ledger.execute(
                "CREATE TABLE accounts (id text PRIMARY KEY, iban text, holder varchar(40), code char(6), phone text,"
                        + " note text, currency char(3) NOT NULL, balance numeric(20, 4))");
        ledger.execute("CREATE TABLE entries (id bigint PRIMARY KEY, currency text, amount bigint NOT NULL)");
        ledger.execute("CREATE TABLE history (tid int PRIMARY KEY, delta int, filler char(22))");
        ledger.execute("ALTER TABLE history REPLICA IDENTITY FULL");
        ledger.execute("INSERT INTO accounts SELECT CASE i WHEN 1 THEN '<b>&\"1\"' ELSE 'a' || i END, 'DE' || i,"
                + " CASE WHEN i % 7 = 0 THEN NULL ELSE 'Zoë Ünal 😀 ' || i END, 'c' || i, '+49 ' || i, 'note ' || i,"
                + " CASE WHEN i % 2 = 0 THEN 'EUR' ELSE 'KRW' END, CASE i WHEN 3 THEN 'NaN' ELSE i * 1.25 END"
                + " FROM generate_series(1, 400) i");
        ledger.execute("INSERT INTO entries SELECT i, CASE WHEN i % 3 = 0 THEN 'EUR' ELSE 'USD' END, i"
                + " FROM generate_series(1, 3000) i");
        ledger.execute("INSERT INTO history SELECT i, i % 5, 'x' FROM generate_series(1, 500) i");
        Map<String, String> source =
                new HashMap<>(LocalPipeline.sourceSettings(ledger, "public\\.(accounts|entries|history)"));
        source.put("decimal.handling.mode", "string");
        source.put("column.mask.with.5.chars", "public\\.accounts\\.phone");
        source.put("column.truncate.to.9.chars", "public\\.accounts\\.(holder|note)");
        source.put("column.mask.hmac", "public\\.accounts\\.(iban|code)");
        source.put("column.mask.hmac.key", KEY);
        pipeline = new LocalPipeline(
                store, source, Map.of("table.entries.mode", "append", "table.history.mode", "append"));
        source.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
        source.put("column.mask.hmac.key", "${file:/etc/secrets:hmac}");
        worker.connector("ledger-source", source);
        settle();
    }

    @AfterEach
    void stop() throws Exception {
        pipeline.close();
        worker.close();
        ledger.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '"
                + ledger.name() + "' AND NOT active");
        ledger.close();
        store.close();
    }

    private void settle() {
        String position = ledger.value("SELECT pg_current_wal_lsn()");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> pipeline.isRunning()
                        && !store.value("SELECT to_regclass('ledger_connect.status')")
                                .isEmpty()
                        && "t"
                                .equals(store.value("SELECT complete_through_lsn >= '" + position
                                        + "'::pg_lsn FROM ledger_connect.status")));
    }

    private Call audit(Map<String, String> environment, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "audit",
                "--store",
                store.url(),
                "--store-user",
                "postgres",
                "--connect",
                worker.url(),
                "--source-connector",
                "ledger-source",
                "--range-rows",
                "1000"));
        arguments.addAll(List.of(more));
        return Call.of(environment, arguments.toArray(String[]::new));
    }

    private Call audit(String... more) {
        return audit(Map.of("LEDGER_CONNECT_HMAC_KEY", KEY), more);
    }

    private static JsonNode table(Call call, String name) {
        for (JsonNode table : call.json().path("tables")) {
            if (table.path("table").asText().equals(name)) {
                return table;
            }
        }
        throw new AssertionError(call.out() + call.err());
    }

    @Test
    void columnsThatTheSourceHidesAreComparedByWhatItMakesOfThem() {
        Call equal = audit("--json");
        assertThat(equal.status()).as(equal.out() + equal.err()).isEqualTo(0);
        assertThat(table(equal, "public.accounts").path("columns_not_compared")).isEmpty();
        assertThat(table(equal, "public.accounts").path("compared_by_rule").toString())
                .isEqualTo("{\"iban\":\"column.mask.hmac\",\"holder\":\"column.truncate.to.9.chars\","
                        + "\"code\":\"column.mask.hmac\",\"phone\":\"column.mask.with.5.chars\","
                        + "\"note\":\"column.truncate.to.9.chars\"}");
        store.execute("UPDATE reporting.accounts SET iban = iban || 'x' WHERE id = 'a10'");
        store.execute("UPDATE reporting.accounts SET holder = 'Zoë Ünal ' WHERE id = 'a14'");
        store.execute("UPDATE reporting.accounts SET phone = '****' WHERE id = 'a15'");
        Call different = audit("--json");
        assertThat(different.status()).isEqualTo(1);
        assertThat(table(different, "public.accounts").path("differences"))
                .extracting(difference -> difference.path("key").path(0).asText()
                        + ' '
                        + difference.path("columns").path(0).asText())
                .containsExactlyInAnyOrder("a10 iban", "a14 holder", "a15 phone");
        assertThat(different.out() + different.err()).doesNotContain(KEY);
    }

    @Test
    void rowsThatChangeMeanwhileAreComparedByTheRulesToo() throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            while (running.get()) {
                ledger.execute(
                        "UPDATE accounts SET iban = md5(iban), note = md5(iban), phone = md5(phone) WHERE id < 'a2'");
            }
        });
        try {
            Call equal = audit("--json", "--tables", "public.accounts", "--rechecks", "3");
            assertThat(equal.status()).as(equal.out() + equal.err()).isEqualTo(0);
            assertThat(equal.json().path("rechecks").asInt()).isPositive();
        } finally {
            running.set(false);
            writer.join();
        }
    }

    @Test
    void hashedColumnsAreLeftOutByNameWhereTheKeyIsNotKnown() {
        store.execute("UPDATE reporting.accounts SET iban = 'wrong' WHERE id = 'a10'");
        Call call = audit(Map.of());
        assertThat(call.status()).as(call.out() + call.err()).isEqualTo(0);
        assertThat(call.out())
                .contains("public.accounts: not compared: iban (column.mask.hmac, whose key is not known here: give"
                        + " --hmac-key-file or LEDGER_CONNECT_HMAC_KEY)");
    }

    @Test
    void aColumnThatHasAnotherNameInTheReportingTableIsCompared() {
        store.execute("ALTER TABLE reporting.entries RENAME amount TO minor_units");
        Call lacking = audit("--tables", "public.entries");
        assertThat(lacking.status()).isEqualTo(1);
        assertThat(lacking.out()).contains("lacks [amount]");
        String rename = "public.entries.amount=minor_units";
        assertThat(audit("--rename-column", rename).status()).isEqualTo(0);
        store.execute("UPDATE reporting.entries SET minor_units = 1 WHERE id = 77");
        Call different = audit("--rename-column", rename);
        assertThat(different.status()).isEqualTo(1);
        assertThat(different.out()).contains("public.entries id 77: differs in amount");
        Call misspelt = audit("--rename-column", "amount=minor_units");
        assertThat(misspelt.status()).isEqualTo(2);
        assertThat(misspelt.err()).contains("does not read schema.table.column=reporting_column");
    }

    @Test
    void sumsAreToldByCurrencyWhereTheyAreAskedFor() {
        assertThat(audit().out()).doesNotContain("sum of");
        Call call = audit("--sums", "public\\..*\\.(balance|amount|delta|note)");
        assertThat(call.status()).as(call.err()).isEqualTo(0);
        assertThat(call.out())
                .contains("public.accounts: sum of balance in EUR: 50250 on both sides")
                .contains("public.accounts: sum of balance in KRW: 49996.25 on both sides")
                .contains("public.entries: sum of amount in EUR: 1501500 on both sides")
                .contains("public.history: sum of delta: 1000 on both sides")
                .doesNotContain("sum of note");
        store.execute("UPDATE reporting.entries SET amount = amount - 1 WHERE id = 3");
        store.execute("UPDATE reporting.accounts SET _lsn = 'FF/0' WHERE id = 'a2'");
        Call different = audit("--json", "--rechecks", "1", "--sums", "public\\..*\\.(balance|amount)");
        JsonNode eur = table(different, "public.entries").path("sums").path(0);
        assertThat(eur.toString())
                .isEqualTo("{\"column\":\"amount\",\"of\":\"EUR\",\"ledger\":\"1501500\",\"reporting\":\"1501499\","
                        + "\"changed_since\":\"0\",\"equal\":false}");
        assertThat(table(different, "public.accounts").path("sums").path(0).toString())
                .isEqualTo("{\"column\":\"balance\",\"of\":\"EUR\",\"ledger\":\"50250\",\"reporting\":\"50247.5\","
                        + "\"changed_since\":\"2.5\",\"equal\":true}");
    }

    @Test
    void rowsWithoutAKeyAreCounted() {
        ledger.execute("ALTER TABLE history DROP CONSTRAINT history_pkey");
        Call equal = audit("--tables", "public.history");
        assertThat(equal.status()).as(equal.out() + equal.err()).isEqualTo(0);
        store.execute("DELETE FROM reporting.history WHERE ctid = (SELECT min(ctid) FROM reporting.history)");
        Call call = audit("--tables", "public.history");
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.out())
                .containsPattern(
                        "public.history, compared without a key: row [0-9a-f]+ is missing in \"reporting\".\"history\" as of");
        assertThat(call.out()).contains("1 differences");
        store.execute("INSERT INTO reporting.history SELECT * FROM reporting.history LIMIT 2");
        Call more = audit("--tables", "public.history");
        assertThat(more.out().lines().filter(line -> line.contains("is missing in")))
                .hasSize(1);
        assertThat(more.out().lines().filter(line -> line.contains("is in excess in")))
                .hasSize(2);
    }

    @Test
    void thePaceBoundsHowMuchIsReadOfTheLedger() {
        long start = System.nanoTime();
        assertThat(audit("--tables", "public.entries", "--pace", "1500").status())
                .isEqualTo(0);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
        Call refused = audit("--pace", "-1");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("--pace must be 0 or more");
    }

    @Test
    void thePageHasTheEvidenceAndLoadsNothing() throws Exception {
        Path file = directory.resolve("audit.html");
        Call call = audit("--html", file.toString(), "--json", "--sums", ".*\\.(balance|amount)");
        assertThat(call.status()).as(call.err()).isEqualTo(0);
        String page = Files.readString(file);
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<h1>EQUAL as of " + call.json().path("position").asText() + "</h1>")
                .contains("Pipeline</dt><dd>pipe<", call.json().path("source").asText())
                .contains("PostgreSQL " + call.json().path("ledger_version").asText())
                .contains(table(call, "public.entries").path("ledger_digest").asText())
                .contains("3,000", "1501500", "50250", "KRW")
                .contains("public.accounts.iban was compared by what column.mask.hmac makes of it")
                .contains("It shows keys of rows that differ, and no other value of a row.")
                .contains("prefers-color-scheme: dark", "@media print", "default-src 'none'")
                .doesNotContainPattern("(?i)(src|href)=|url\\(|@import|<script|<link");
        assertThat(table(call, "public.entries").path("ledger_digest"))
                .isEqualTo(table(call, "public.entries").path("reporting_digest"));
    }

    @Test
    void thePageNamesDifferencesByKeyAndShowsNoValue() throws Exception {
        store.execute("UPDATE reporting.accounts SET note = 'secret', balance = 4711 WHERE id = '<b>&\"1\"'");
        store.execute("DELETE FROM reporting.entries WHERE id = 5");
        Path file = directory.resolve("audit.html");
        assertThat(audit("--html", file.toString()).status()).isEqualTo(1);
        assertThat(Files.readString(file))
                .contains(
                        "<h1>DIFFERENT as of ",
                        "id &lt;b&gt;&amp;&quot;1&quot;</td><td>different</td><td>note, balance")
                .contains("<td>id 5</td><td>missing</td>")
                .doesNotContain("secret", "4711", "<b>");
        assertThat(audit("--html", file.toString(), "--show-values").status()).isEqualTo(1);
        assertThat(Files.readString(file)).contains("secret", "because that was asked for");
    }

    @Test
    void aPageThatCannotBeWrittenIsToldBeforeAnythingIsRead() {
        Call call = audit("--html", directory.resolve("none/audit.html").toString());
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("cannot be written: it needs a directory that is there");
        assertThat(store.value("SELECT to_regclass('ledger_connect.audit')")).isEmpty();
    }
}
