package io.ledgerconnect.testbed.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerWorkloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final WorkloadSettings FAST = WorkloadSettings.defaults()
            .withPaymentsPerSecond(1000)
            .withCustomers(100)
            .withMerchants(20);
    private static LedgerServer server;

    @BeforeAll
    static void startServer() throws SQLException {
        server = new LedgerServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void doesEverythingAPaymentLedgerSees() throws Exception {
        try (LedgerWorkload workload = new LedgerWorkload(server.app(), FAST.withSeed(1))) {
            workload.openBooks();
            workload.start();
            await().atMost(PATIENCE).until(() -> {
                WorkloadCounts counts = workload.counts();
                return Math.min(
                                        Math.min(counts.failed(), counts.reversed()),
                                        Math.min(counts.declined(), counts.merchantUpdates()))
                                > 0
                        && counts.purged() > 0
                        && counts.payments() > 1000;
            });
            workload.stop();
        }
        assertThat(violations()).isEmpty();
        assertThat(server.count("ledger", "SELECT count(*) FROM transfers WHERE fx_rate IS NOT NULL"))
                .isPositive();
        assertThat(server.count(
                        "ledger", "SELECT count(*) FROM transfers WHERE status = 'failed' OR status = 'reversed'"))
                .isPositive();
    }

    @Test
    void countsWhatTheLedgerHoldsWhenTheServerIsKilled() throws Exception {
        try (LedgerWorkload workload = new LedgerWorkload(server.app(), FAST.withSeed(2))) {
            long before = payments();
            workload.openBooks();
            workload.start();
            for (int round = 0; round < 2; round++) {
                long target = workload.counts().payments() + 100;
                await().atMost(PATIENCE).until(() -> workload.counts().payments() > target);
                server.postgres().kill();
                server.postgres().start();
            }
            long target = workload.counts().payments() + 100;
            await().atMost(PATIENCE).until(() -> workload.counts().payments() > target);
            workload.stop();
            assertThat(workload.counts().repeated()).isPositive();
            assertThat(payments() - before).isEqualTo(workload.counts().payments());
        }
        assertThat(violations()).isEmpty();
    }

    @Test
    void refusesToRunTwiceWithOneSeed() throws Exception {
        try (LedgerWorkload first = new LedgerWorkload(server.app(), FAST.withSeed(3));
                LedgerWorkload second = new LedgerWorkload(server.app(), FAST.withSeed(3))) {
            first.openBooks();
            assertThatThrownBy(second::openBooks).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void letsNobodyChangeWhatWasBooked() throws Exception {
        try (Connection app = server.app().connect();
                var statement = app.createStatement()) {
            assertThatThrownBy(() -> statement.execute("UPDATE entries SET amount = 1"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("DELETE FROM entries"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("UPDATE transfers SET amount = 1"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void letsTheCapturingRoleReadButNotWrite() throws Exception {
        try (Connection capture = server.capture().connect();
                var statement = capture.createStatement()) {
            statement.execute("SELECT FROM entries, transfers, accounts, merchants LIMIT 1");
            statement.execute("SELECT pg_create_logical_replication_slot('probe', 'pgoutput', true)");
            assertThatThrownBy(() -> statement.execute("DELETE FROM merchants"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("DROP PUBLICATION ledger"))
                    .hasMessageContaining("must be owner");
        }
    }

    private static Map<String, Long> violations() throws SQLException {
        try (Connection ledger = server.postgres().connect("ledger")) {
            return Invariants.violated(ledger, "public");
        }
    }

    private static long payments() throws SQLException {
        try (Connection ledger = server.postgres().connect("ledger")) {
            return LedgerWorkload.paymentsIn(ledger);
        }
    }
}
