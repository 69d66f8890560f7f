package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ledger-connect audit} of a ledger and the reporting store that both connectors' tasks keep up with it. */
class AuditTest {
    private static final int ROWS = 3000;

    private final TestDatabase ledger = new TestDatabase("ledger");
    private final TestDatabase store = new TestDatabase("reporting");
    private LocalPipeline pipeline;

    @BeforeEach
    void start() {
        ledger.execute("""
                CREATE TYPE kind AS ENUM ('debit', 'credit', 'fee');
                CREATE TABLE accounts (
                    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number bigint UNIQUE NOT NULL, balance numeric(20, 4) NOT NULL,
                    rate numeric, name text, currency char(3), opened timestamptz NOT NULL DEFAULT now(), tags text[],
                    profile jsonb, hidden text);
                CREATE TABLE entries (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account bigint NOT NULL, amount bigint NOT NULL,
                    kind kind NOT NULL DEFAULT 'debit', note varchar(80));
                CREATE TABLE limits (
                    currency text NOT NULL, level int NOT NULL, most numeric NOT NULL, PRIMARY KEY (currency, level));
                CREATE TABLE versions (id int PRIMARY KEY, state text NOT NULL);""");
        ledger.execute("INSERT INTO accounts (number, balance, rate, name, currency, tags, profile) SELECT i, i * 1.5,"
                + " 1.0 / i, 'name ' || i, 'EUR', ARRAY['a', 'b ' || i], jsonb_build_object('n', i)"
                + " FROM generate_series(1, " + ROWS + ") i");
        ledger.execute(
                "INSERT INTO entries (account, amount, note) SELECT i, i, CASE WHEN i % 2 = 0 THEN 'note ' || i END"
                        + " FROM generate_series(1, " + ROWS + ") i");
        ledger.execute("INSERT INTO limits SELECT c, l, l * 100 FROM unnest('{EUR,USD,jpy,Öre,eur}'::text[]) c,"
                + " generate_series(1, 40) l");
        ledger.execute("INSERT INTO versions SELECT i, 'new' FROM generate_series(1, 50) i");
        pipeline = new LocalPipeline(
                ledger,
                store,
                "public\\.(accounts|entries|limits|versions)",
                Map.of("table.entries.mode", "append", "table.versions.mode", "append"));
        settle(); // what follows is streamed
        ledger.execute("UPDATE accounts SET balance = balance + 1 WHERE number % 10 = 0");
        ledger.execute("UPDATE versions SET state = 'used' WHERE id % 2 = 0");
        ledger.execute("DELETE FROM versions WHERE id % 5 = 0");
        ledger.execute("UPDATE versions SET id = 1000 WHERE id = 7");
        ledger.execute("DELETE FROM accounts WHERE number = 99");
    }

    @AfterEach
    void stop() throws Exception {
        pipeline.close();
        ledger.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '"
                + ledger.name() + "' AND NOT active");
        ledger.close();
        store.close();
    }

    private Call audit(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--timeout", "60s"));
        arguments.addAll(Arrays.asList(more));
        return audit(arguments);
    }

    private Call audit(List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "audit",
                "--store",
                store.url(),
                "--store-user",
                "postgres",
                "--ledger",
                ledger.url(),
                "--ledger-user",
                "postgres",
                "--range-rows",
                "1000"));
        arguments.addAll(more);
        return Call.of(
                Map.of("LEDGER_CONNECT_STORE_PASSWORD", "postgres", "LEDGER_CONNECT_LEDGER_PASSWORD", "postgres"),
                arguments.toArray(String[]::new));
    }

    /** Waits until the pipeline has everything, so that a planted fault is not written over. */
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

    private static JsonNode table(Call call, String name) {
        return StreamSupport.stream(call.json().path("tables").spliterator(), false)
                .filter(table -> table.path("table").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(call.out() + call.err()));
    }

    private static List<String> differences(Call call, String name) {
        return StreamSupport.stream(table(call, name).path("differences").spliterator(), false)
                .map(difference -> difference.path("kind").asText() + " "
                        + String.join("/", texts(difference.path("key"))) + " "
                        + String.join(",", texts(difference.path("columns"))))
                .map(String::strip)
                .sorted()
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void findsEverythingEqualInEveryMode() {
        settle();
        Call call = audit("--json");
        assertThat(call.err()).isEmpty();
        assertThat(call.json().path("result").asText()).as(call.out()).isEqualTo("equal");
        assertThat(call.status()).isEqualTo(0);
        assertThat(table(call, "public.accounts").path("ledger_rows").asLong()).isEqualTo(ROWS - 1);
        assertThat(table(call, "public.entries").path("ledger_rows").asLong()).isEqualTo(ROWS);
        assertThat(table(call, "public.limits").path("ledger_rows").asLong()).isEqualTo(200);
        assertThat(table(call, "public.versions").path("ledger_rows").asLong()).isEqualTo(40);
        assertThat(ledger.value(
                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'ledger_connect_audit%'"))
                .isEqualTo("0");
    }

    @Test
    void namesEveryPlantedDifferenceByTableAndKeyAndShowsNoValue() {
        settle();
        String account = store.value("SELECT id FROM reporting.accounts WHERE number = 1234");
        String gone = store.value("SELECT id FROM reporting.accounts WHERE number = 777");
        store.execute("UPDATE reporting.accounts SET balance = balance + 0.01, name = 'secret' WHERE number = 1234");
        store.execute("DELETE FROM reporting.accounts WHERE number = 777");
        store.execute("INSERT INTO reporting.accounts SELECT (r).* FROM (SELECT jsonb_populate_record(a, '{\"id\":"
                + " \"00000000-0000-0000-0000-000000000001\", \"number\": 0}') AS r FROM reporting.accounts a WHERE"
                + " number = 1) x");
        store.execute("INSERT INTO reporting.entries SELECT * FROM reporting.entries WHERE id = 17");
        store.execute("DELETE FROM reporting.entries WHERE id = 2999");
        store.execute("UPDATE reporting.entries SET amount = amount + 1 WHERE id = 1");
        store.execute("UPDATE reporting.limits SET most = 1 WHERE currency = 'Öre' AND level = 7");
        store.execute("UPDATE reporting.versions SET state = 'new' WHERE id = 2 AND _op = 'u'");
        Call call = audit("--json");
        assertThat(call.status()).as(call.err()).isEqualTo(1);
        assertThat(differences(call, "public.accounts"))
                .containsExactlyInAnyOrder(
                        "different " + account + " balance,name",
                        "missing " + gone,
                        "extra 00000000-0000-0000-0000-000000000001");
        assertThat(differences(call, "public.entries"))
                .containsExactly("different 1 amount", "doubled 17", "missing 2999");
        assertThat(differences(call, "public.limits")).containsExactly("different Öre/7 most");
        assertThat(differences(call, "public.versions")).containsExactly("different 2 state");
        assertThat(call.json().path("differences").asInt()).isEqualTo(8);
        assertThat(call.out()).doesNotContain("secret");
        Call shown = audit("--show-values", "--tables", "public.accounts");
        assertThat(shown.out())
                .contains(
                        "public.accounts id " + account + ": differs in balance (ledger 1851, reporting 1851.01), name"
                                + " (ledger name 1234, reporting secret)")
                .contains("DIFFERENT as of");
        assertThat(store.rows("SELECT result, differences, report::text LIKE '%secret%' FROM ledger_connect.audit"
                        + " ORDER BY id"))
                .containsExactly("different|8|f", "different|3|f");
    }

    @Test
    void isExactWhileBothSidesAreWritten() throws Exception {
        settle();
        try (Writer writer = new Writer(ledger)) {
            for (int i = 0; i < 5; i++) {
                Call call = audit("--json", "--rechecks", "30");
                assertThat(call.json().path("result").asText()).as(call.out()).isEqualTo("equal");
            }
            // Rows that the writer leaves alone.
            store.execute("UPDATE reporting.accounts SET balance = balance + 0.0001 WHERE number = 2900");
            store.execute("DELETE FROM reporting.accounts WHERE number = 2901");
            store.execute("UPDATE reporting.accounts SET _lsn = 'FF/0', rate = 7 WHERE number = 2902");
            store.execute("UPDATE reporting.accounts SET _lsn = 'FF/0' WHERE number = 2903");
            Call call = audit("--json", "--rechecks", "30");
            assertThat(differences(call, "public.accounts").stream()
                            .map(difference -> difference.replaceAll(" [0-9a-f-]{36}", "")))
                    .containsExactlyInAnyOrder("different balance", "missing", "different rate", "different _lsn");
            assertThat(differences(call, "public.entries")).isEmpty();
            assertThat(writer.transactions()).isGreaterThan(100);
        }
    }

    @Test
    void aRowThatChangesAllTheTimeIsComparedByItsChanges() throws Exception {
        settle();
        String hot = store.value("SELECT id FROM reporting.accounts WHERE number = 1");
        try (Writer writer = new Writer(ledger)) {
            Call equal = audit("--json", "--rechecks", "3", "--tables", "public.accounts");
            assertThat(equal.json().path("result").asText()).as(equal.out()).isEqualTo("equal");
            // From now on every change of the hot row arrives with a cent more.
            store.execute("CREATE FUNCTION add_a_cent() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN NEW.balance := NEW.balance + 0.01; RETURN NEW; END'");
            store.execute("CREATE TRIGGER wrong BEFORE INSERT OR UPDATE ON reporting.accounts FOR EACH ROW"
                    + " WHEN (NEW.number = 1) EXECUTE FUNCTION add_a_cent()");
            Thread.sleep(500);
            Call different = audit("--json", "--rechecks", "3", "--tables", "public.accounts");
            assertThat(differences(different, "public.accounts"))
                    .as(different.out())
                    .containsExactly("different " + hot + " balance");
            assertThat(writer.transactions()).isGreaterThan(100);
        }
        assertThat(ledger.value(
                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'ledger_connect_audit%'"))
                .isEqualTo("0");
    }

    @Test
    void aReportingStoreThatDoesNotCatchUpIsAClearEnd() {
        settle();
        pipeline.pause();
        ledger.execute("UPDATE accounts SET balance = 0 WHERE number = 1");
        Call call = audit(List.of("--timeout", "2s"));
        assertThat(call.status()).isEqualTo(3);
        assertThat(call.out()).startsWith("UNDECIDED: Pipeline pipe is not complete through ");
        assertThat(store.value("SELECT result FROM ledger_connect.audit")).isEqualTo("undecided");
    }

    @Test
    void columnsThatTheReportingTableLacksAreNamedUnlessTheSourceLeavesThemOut() {
        settle();
        store.execute("ALTER TABLE reporting.accounts DROP COLUMN hidden");
        Call call = audit();
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.out()).contains("public.accounts: \"reporting\".\"accounts\" lacks [hidden].");
        assertThat(audit("--ignore-column", "public\\.accounts\\.hidden").status())
                .isEqualTo(0);
        store.execute("UPDATE reporting.accounts SET name = '****'");
        try (FakeWorker worker = new FakeWorker()) {
            Map<String, String> settings = new HashMap<>(LocalPipeline.sourceSettings(ledger, ".*"));
            settings.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
            settings.put("column.exclude.list", "public\\.accounts\\.hidden");
            settings.put("column.mask.with.4.chars", "public\\.accounts\\.name");
            worker.connector("ledger-source", settings);
            Call configured = Call.of(
                    Map.of(),
                    "audit",
                    "--store",
                    store.url(),
                    "--store-user",
                    "postgres",
                    "--connect",
                    worker.url(),
                    "--source-connector",
                    "ledger-source");
            assertThat(configured.status())
                    .as(configured.out() + configured.err())
                    .isEqualTo(0);
            assertThat(configured.out())
                    .contains("public.accounts: not compared: hidden (column.exclude.list)")
                    .contains("public.accounts: compared by what column.mask.with.4.chars makes of it: name");
        }
    }

    @Test
    void aReportingTableThatIsGoneIsADifference() {
        settle();
        store.execute("DROP TABLE reporting.limits");
        Call call = audit();
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.out()).contains("public.limits has rows in the ledger, and no reporting table has them.");
    }

    @Test
    void manyDifferencesAreCutOff() {
        settle();
        store.execute("UPDATE reporting.accounts SET balance = -1");
        Call call = audit("--max-differences", "20");
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.out()).contains("public.accounts: there are more differences");
    }

    @Test
    void truncatedTablesAreComparedAsTheyAreNow() {
        settle();
        ledger.execute("TRUNCATE entries, versions");
        ledger.execute("INSERT INTO entries (account, amount) VALUES (1, 2)");
        ledger.execute("INSERT INTO versions VALUES (1, 'again')");
        Call call = audit("--json");
        assertThat(call.status()).as(call.out()).isEqualTo(0);
        assertThat(table(call, "public.entries").path("ledger_rows").asLong()).isEqualTo(1);
        assertThat(table(call, "public.versions").path("ledger_rows").asLong()).isEqualTo(1);
    }

    @Test
    void anotherLedgerIsNotCompared() throws Exception {
        settle();
        try (TestDatabase other = new TestDatabase("other")) {
            Call call = Call.of(
                    Map.of(),
                    "audit",
                    "--store",
                    store.url(),
                    "--store-user",
                    "postgres",
                    "--ledger",
                    other.url(),
                    "--ledger-user",
                    "postgres");
            assertThat(call.status()).isEqualTo(2);
            assertThat(call.err()).contains("has nothing of the ledger", other.name(), ledger.name());
        }
    }

    /** Payments, changed and deleted accounts, more than one a millisecond. */
    private static final class Writer implements AutoCloseable {
        private final Connection connection;
        private final Thread thread = new Thread(this::run, "writer");
        private volatile boolean running = true;
        private final AtomicInteger transactions = new AtomicInteger();

        Writer(TestDatabase ledger) throws SQLException {
            connection = ledger.connect();
            thread.start();
        }

        private void run() {
            Random random = new Random(1);
            try (Statement statement = connection.createStatement()) {
                for (int next = 10_000; running; next++) {
                    int account = 2 + random.nextInt(2000);
                    statement.execute("BEGIN; UPDATE accounts SET balance = balance + 1 WHERE number IN (1, " + account
                            + ")"
                            + "; INSERT INTO entries (account, amount) VALUES (" + account + ", 1);"
                            + " INSERT INTO accounts (number, balance) VALUES (" + next + ", 0);"
                            + " DELETE FROM accounts WHERE number = " + (random.nextInt(100) == 0 ? account : next - 20)
                            + "; UPDATE versions SET state = state || '.' WHERE id = " + (1 + random.nextInt(50))
                            + "; COMMIT");
                    transactions.incrementAndGet();
                    Thread.sleep(1);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        int transactions() {
            return transactions.get();
        }

        @Override
        public void close() throws Exception {
            running = false;
            thread.join();
            connection.close();
        }
    }
}
