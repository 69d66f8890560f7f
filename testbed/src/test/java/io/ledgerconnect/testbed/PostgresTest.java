package io.ledgerconnect.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs on the server that the testbed brings along and, as processes, on every one that is installed. */
@ParameterizedClass
@MethodSource("specs")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresTest {

    @Parameter
    private PostgresSpec spec;

    private Testbed testbed;
    private Postgres postgres;

    static Stream<PostgresSpec> specs() {
        Stream<PostgresSpec> installed = BackendKind.choose() == BackendKind.EMBEDDED
                ? PostgresSpec.installed().stream().map(PostgresSpec.defaults()::withBinaries)
                : Stream.empty();
        return Stream.concat(Stream.of(PostgresSpec.defaults()), installed);
    }

    @BeforeParameterizedClassInvocation
    void start(PostgresSpec server) throws SQLException {
        testbed = Testbed.open();
        postgres = testbed.startPostgres(server);
        postgres.createDatabase("ledger");
        postgres.execute("ledger", "CREATE TABLE entry (id int PRIMARY KEY)");
    }

    @AfterParameterizedClassInvocation
    void close() {
        testbed.close();
    }

    @AfterEach
    void emptyTable() throws SQLException {
        postgres.execute("ledger", "TRUNCATE entry");
    }

    @Test
    void keepsCommittedRowsWhenItIsKilled() throws SQLException {
        postgres.execute("ledger", "INSERT INTO entry SELECT generate_series(1, 1000)");
        int port = postgres.port();

        postgres.kill();
        assertThat(postgres.isRunning()).isFalse();
        assertThat(postgres.pids()).isEmpty();
        assertThatThrownBy(() -> postgres.connect("ledger")).isInstanceOf(SQLException.class);
        postgres.start();

        assertThat(query("SELECT count(*) FROM entry")).isEqualTo("1000");
        assertThat(postgres.port()).isEqualTo(port);
    }

    @Test
    void killTakesTheBackendsOfOpenConnectionsAlong() throws SQLException {
        try (var busy = postgres.connect("ledger");
                var statement = busy.createStatement()) {
            statement.execute("INSERT INTO entry VALUES (1)");

            postgres.kill();

            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        postgres.start();
        assertThat(query("SELECT count(*) FROM entry")).isEqualTo("1");
    }

    @Test
    void answersNobodyWhileItIsPaused() throws SQLException {
        try (var connection = postgres.connect("ledger")) {
            postgres.pause();
            assertThat(postgres.isRunning()).isTrue();
            assertThat(connection.isValid(1)).isFalse();
        } finally {
            postgres.resume();
        }
        assertThat(query("SELECT 1")).isEqualTo("1");
    }

    @Test
    void canBeStoppedWhileItIsPaused() throws SQLException {
        postgres.pause();
        postgres.stop();
        assertThat(postgres.isRunning()).isFalse();
        postgres.start();
        assertThat(query("SELECT 1")).isEqualTo("1");
    }

    @Test
    void canBeKilledWhileItIsPaused() throws SQLException {
        postgres.pause();
        postgres.kill();
        assertThat(postgres.isRunning()).isFalse();
        postgres.start();
        assertThat(query("SELECT 1")).isEqualTo("1");
    }

    @Test
    void restartsWithOtherSettings() throws SQLException {
        postgres.restart(Map.of("wal_level", "replica", "application_name", "it's ours"));
        assertThat(query("SHOW wal_level")).isEqualTo("replica");
        postgres.restart(Map.of("wal_level", "logical"));
        assertThat(query("SHOW wal_level")).isEqualTo("logical");
    }

    @Test
    void decodesItsLog() throws SQLException {
        assertThat(query("SELECT slot_name FROM pg_create_logical_replication_slot('probe', 'pgoutput')"))
                .isEqualTo("probe");
        postgres.execute("ledger", "SELECT pg_drop_replication_slot('probe')");
        assertThat(query("SHOW synchronous_commit")).isEqualTo("on");
    }

    @Test
    void asksForThePassword() {
        Properties wrong = new Properties();
        wrong.setProperty("user", postgres.user());
        wrong.setProperty("password", "wrong");
        assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl("ledger"), wrong))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void reportsWhatItHasUsed() {
        ServerUsage usage = postgres.usage();
        assertThat(usage.cpu()).isPositive().isLessThan(Duration.ofMinutes(5));
        assertThat(usage.peakMemoryBytes()).isGreaterThan(1 << 20);
        assertThat(postgres.logTail(500)).contains("ready to accept connections");
    }

    @Test
    void isAnotherSystemThanItsNeighbour() throws SQLException {
        Postgres neighbour = testbed.startPostgres(spec);
        try (var connection = neighbour.connect("postgres");
                var result = connection.createStatement().executeQuery(SYSTEM_IDENTIFIER)) {
            result.next();
            assertThat(result.getString(1)).isNotEqualTo(query(SYSTEM_IDENTIFIER));
        }
        neighbour.kill();
    }

    @Test
    void saysWhyItDoesNotStart() {
        assertThatThrownBy(() -> testbed.startPostgres(spec.withSetting("wal_level", "sideways")))
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("ended with status 1")
                .hasMessageContaining("sideways");
    }

    private static final String SYSTEM_IDENTIFIER = "SELECT system_identifier FROM pg_control_system()";

    private String query(String sql) throws SQLException {
        try (var connection = postgres.connect("ledger");
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
