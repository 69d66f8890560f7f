package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
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

/** {@code ledger-connect audit} where something is in its way, and of tables that are not as most are. */
class AuditFaultsTest {
    private final TestDatabase ledger = new TestDatabase("ledger");
    private final TestDatabase store = new TestDatabase("reporting");
    private LocalPipeline pipeline;

    private void start(Map<String, String> sink) {
        ledger.execute("CREATE TABLE payments (id numeric PRIMARY KEY, amount bigint, paid boolean)");
        ledger.execute("CREATE TABLE log (id int PRIMARY KEY, line text)");
        ledger.execute("INSERT INTO payments SELECT i / 2.0, i, i % 3 = 0 FROM generate_series(-20, 2000) i");
        ledger.execute("INSERT INTO log SELECT i, 'line ' || i / 2 FROM generate_series(1, 100) i");
        Map<String, String> settings = new HashMap<>(Map.of("table.log.mode", "append"));
        settings.putAll(sink);
        pipeline = new LocalPipeline(ledger, store, "public\\.(payments|log)", settings);
        settle();
    }

    @BeforeEach
    void anotherRole() {
        store.execute("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    }

    @AfterEach
    void stop() throws Exception {
        if (pipeline != null) {
            pipeline.close();
        }
        ledger.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active AND (database = '"
                        + ledger.name() + "' OR slot_type = 'physical')");
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

    private Call auditAs(String ledgerUser, String storeUser, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "audit",
                "--store",
                store.url(),
                "--store-user",
                storeUser,
                "--ledger",
                ledger.url(),
                "--ledger-user",
                ledgerUser));
        arguments.addAll(Arrays.asList(more));
        return Call.of(
                Map.of("LEDGER_CONNECT_STORE_PASSWORD", "s3cret", "LEDGER_CONNECT_LEDGER_PASSWORD", "s3cret"),
                arguments.toArray(String[]::new));
    }

    private Call audit(String... more) {
        return auditAs("postgres", "postgres", more);
    }

    @Test
    void aWrongPasswordIsToldWithoutThePassword() throws Exception {
        ledger.execute("DO $$ BEGIN CREATE ROLE locked LOGIN REPLICATION PASSWORD 'right';"
                + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        Path rules = Path.of(ledger.value("SHOW hba_file"));
        Files.writeString(rules, "host all locked all scram-sha-256\n" + Files.readString(rules));
        ledger.execute("SELECT pg_reload_conf()");
        Awaitility.await().until(() -> auditAs("locked", "postgres").err().contains("28P01"));
        Call call = auditAs("locked", "postgres");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .isEqualTo("ledger-connect: The ledger " + ledger.url() + " as locked cannot be asked (SQLSTATE 28P01):"
                        + " password authentication failed for user \"locked\"\n");
    }

    @Test
    void aFullListOfSlotsIsToldWithWhatMendsIt() {
        start(Map.of());
        ledger.execute(
                "SELECT pg_create_physical_replication_slot('full_' || i) FROM generate_series(1,"
                        + " current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM pg_replication_slots)) i");
        Call call = audit();
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .contains(
                        "The ledger has no replication slot left for the audit's snapshot: raise max_replication_slots");
    }

    @Test
    void aTransactionThatStaysOpenIsAClearEnd() throws Exception {
        start(Map.of());
        try (Connection open = ledger.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO payments VALUES (5000, 1, true)");
            Call call = audit("--timeout", "2s");
            assertThat(call.status()).isEqualTo(2);
            assertThat(call.err()).contains("A transaction of the ledger was open for too long");
            open.rollback();
        }
    }

    @Test
    void aRoleThatMayNotReplicateIsToldWhatItNeeds() {
        start(Map.of());
        Call call = auditAs("reader", "postgres");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("The role may not take a snapshot with a position: ALTER ROLE … REPLICATION");
    }

    @Test
    void aResultThatCannotBeStoredIsToldAllTheSame() {
        start(Map.of());
        store.execute("GRANT USAGE ON SCHEMA reporting, ledger_connect TO reader");
        store.execute("GRANT SELECT ON ALL TABLES IN SCHEMA reporting, ledger_connect TO reader");
        Call call = auditAs("postgres", "reader");
        assertThat(call.status()).as(call.err()).isEqualTo(0);
        assertThat(call.out()).contains("EQUAL as of");
        assertThat(call.err()).contains("The result was not stored in ledger_connect.audit (SQLSTATE 42501)");
    }

    @Test
    void aTableWhoseKeyIsNotComparedIsComparedAsAWhole() {
        start(Map.of());
        Call equal = audit("--range-rows", "100", "--ignore-column", "public\\.log\\.id");
        assertThat(equal.status()).as(equal.out() + equal.err()).isEqualTo(0);
        store.execute("DELETE FROM reporting.log WHERE ctid IN (SELECT ctid FROM reporting.log LIMIT 1)");
        Call different = audit("--ignore-column", "public\\.log\\.id");
        assertThat(different.status()).isEqualTo(1);
        assertThat(different.out())
                .containsPattern(
                        "public.log, compared without a key: row [0-9a-f]+ is missing in \"reporting\".\"log\" as of");
    }

    /** A row that is missing cannot be told from one that was deleted meanwhile. */
    @Test
    void aMutableTableWhoseKeyIsNotComparedIsUndecidedWhereItDiffers() {
        start(Map.of());
        assertThat(audit("--ignore-column", "public\\.payments\\.id").status()).isEqualTo(0);
        store.execute("DELETE FROM reporting.payments WHERE id = 10");
        Call call = audit("--ignore-column", "public\\.payments\\.id");
        assertThat(call.status()).isEqualTo(3);
        assertThat(call.out())
                .contains("public.payments has other rows than", "without its key they cannot be looked at again.");
    }

    @Test
    void aHistoryTableIsComparedByTheVersionsThatWereValid() {
        start(Map.of("table.payments.mode", "history"));
        ledger.execute("UPDATE payments SET amount = amount + 1 WHERE id BETWEEN 1 AND 50");
        ledger.execute("UPDATE payments SET id = 5000 WHERE id = 60");
        ledger.execute("DELETE FROM payments WHERE id BETWEEN 70 AND 80");
        ledger.execute("BEGIN; UPDATE payments SET paid = true WHERE id = 90; UPDATE payments SET paid = false"
                + " WHERE id = 90; COMMIT");
        settle();
        Call equal = audit("--range-rows", "500");
        assertThat(equal.status()).as(equal.out() + equal.err()).isEqualTo(0);
        store.execute("UPDATE reporting.payments SET amount = amount + 1 WHERE id = 7 AND _until_lsn IS NULL");
        store.execute("UPDATE reporting.payments SET amount = amount + 1 WHERE id = 8 AND _until_lsn IS NOT NULL");
        store.execute("DELETE FROM reporting.payments WHERE id = 9 AND _until_lsn IS NULL");
        store.execute("UPDATE reporting.payments SET _until_lsn = NULL WHERE id = 75");
        Call different = audit("--range-rows", "500");
        assertThat(different.status()).isEqualTo(1);
        assertThat(different.out())
                .contains("public.payments id 7: differs in amount", "id 9: missing in", "id 75: only in")
                .contains("3 differences;");
        ledger.execute("TRUNCATE payments");
        settle();
        assertThat(audit().status()).isEqualTo(0);
    }

    @Test
    void rowsThatTheSinkKeepsAfterADeleteAreNoDifference() {
        start(Map.of("delete.enabled", "false"));
        ledger.execute("DELETE FROM payments WHERE id BETWEEN 10 AND 20");
        settle();
        try (FakeWorker worker = new FakeWorker()) {
            worker.connector(
                    "ledger-sink",
                    Map.of(
                            "connector.class", "io.ledgerconnect.sink.ReportingSinkConnector",
                            "pipeline.name", "pipe",
                            "delete.enabled", "false",
                            "connection.url", store.url(),
                            "connection.user", "postgres"));
            Call call = Call.of(
                    Map.of("LEDGER_CONNECT_LEDGER", ledger.url(), "LEDGER_CONNECT_LEDGER_USER", "postgres"),
                    "audit",
                    "--connect",
                    worker.url(),
                    "--connector",
                    "ledger-sink");
            assertThat(call.status()).as(call.out() + call.err()).isEqualTo(0);
            assertThat(call.out())
                    .contains("public.payments: 21 rows that the ledger has deleted, which the sink keeps.");
        }
        assertThat(audit().status()).isEqualTo(1);
    }
}
