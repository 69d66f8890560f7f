package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ledger-connect repair} says what it would do, and asks for nothing where it should not. */
class RepairTest {
    private final TestDatabase ledger = new TestDatabase("ledger");
    private final TestDatabase store = new TestDatabase("reporting");
    private final FakeWorker worker = new FakeWorker();
    private LocalPipeline pipeline;

    @BeforeEach
    void start() {
        ledger.execute("CREATE TABLE payments (id numeric, code text, amount bigint, PRIMARY KEY (id, code))");
        ledger.execute("CREATE TABLE log (line text)");
        ledger.execute("CREATE TABLE lines (id int PRIMARY KEY, line text)");
        ledger.execute("INSERT INTO payments SELECT i / 2.0, 'it''s', i FROM generate_series(1, 200) i");
        ledger.execute("INSERT INTO lines SELECT i, 'line' FROM generate_series(1, 10) i");
        Map<String, String> settings = LocalPipeline.sourceSettings(ledger, "public\\.(payments|lines)");
        pipeline = new LocalPipeline(store, settings, Map.of("table.lines.mode", "append"));
        Map<String, String> config = new HashMap<>(settings);
        config.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
        worker.connector("source", config);
        offset("|");
        settle();
    }

    private void offset(String requests) {
        worker.json(
                "/connectors/source/offsets",
                Map.of("offsets", List.of(Map.of("offset", Map.of("snapshot_requests", requests)))));
    }

    @AfterEach
    void stop() throws Exception {
        pipeline.close();
        worker.close();
        ledger.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active"
                + " AND database = '" + ledger.name() + "'");
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

    private Call repair(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "repair",
                "--store",
                store.url(),
                "--store-user",
                "postgres",
                "--ledger",
                ledger.url(),
                "--ledger-user",
                "postgres"));
        arguments.addAll(Arrays.asList(more));
        return Call.of(
                Map.of("LEDGER_CONNECT_STORE_PASSWORD", "postgres", "LEDGER_CONNECT_LEDGER_PASSWORD", "postgres"),
                arguments.toArray(String[]::new));
    }

    private Call repairWithSource(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--connect", worker.url(), "--source-connector", "source"));
        arguments.addAll(Arrays.asList(more));
        return repair(arguments.toArray(String[]::new));
    }

    private void damage() {
        store.execute("DELETE FROM reporting.payments WHERE id = 1");
        store.execute("UPDATE reporting.payments SET amount = 0 WHERE id = 1.5");
        store.execute("INSERT INTO reporting.lines SELECT * FROM reporting.lines WHERE id = 3");
    }

    @Test
    void whatIsEqualIsLeftAlone() {
        Call call = repairWithSource();
        assertThat(call.out()).contains("EQUAL as of");
        assertThat(call.status()).isZero();
    }

    @Test
    void aDryRunSaysWhatWouldBeSentAndWhatThatDoesNotMend() {
        damage();
        Call call = repairWithSource("--dry-run");
        assertThat(call.out())
                .contains("public.payments: 2 rows to be sent again")
                .contains("public.lines: 1 rows stand in \"reporting\".\"lines\" more than once");
        assertThat(call.status()).isEqualTo(1);
        Call forPrograms = repairWithSource("--dry-run", "--json");
        assertThat(forPrograms
                        .json()
                        .path("to_be_sent_again")
                        .path("public.payments")
                        .asInt())
                .isEqualTo(2);
        assertThat(forPrograms.json().path("audit").path("result").asText()).isEqualTo("different");
    }

    @Test
    void somebodyHasToSendTheRows() {
        Call call = repair();
        assertThat(call.err()).contains("Which source connector sends the rows again?");
        assertThat(call.status()).isEqualTo(2);
    }

    @Test
    void aSnapshotThatIsUnderWayIsNotDisturbed() {
        damage();
        Map<String, String> config = new HashMap<>(LocalPipeline.sourceSettings(ledger, "public\\.payments"));
        config.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
        config.put("snapshot.request.id", "of today");
        worker.connector("source", config);
        offset("of+today,slot,1,0,0,0,0,public.payments,|of+yesterday");
        Call call = repairWithSource();
        assertThat(call.err()).contains("still reads the snapshot 'of today'");
        assertThat(call.status()).isEqualTo(2);
    }

    @Test
    void rowsThatDoNotComeInTimeAreToldOf() {
        damage();
        Call call = repairWithSource("--timeout", "2s");
        assertThat(call.err()).contains("has not sent the rows within --timeout");
        assertThat(call.status()).isEqualTo(2);
    }
}
