package io.ledgerconnect.integration.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import io.ledgerconnect.testbed.ledger.Database;
import io.ledgerconnect.testbed.ledger.LedgerPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the fault run would tell: of a status that a test writes, where a sink's would be. */
final class StatusAlarmsIT {
    private static final String ACCOUNT = "00000000-0000-0000-0000-000000000007";

    @Test
    void whatIsWrongIsToldOnce() throws Exception {
        try (Testbed testbed = Testbed.open()) {
            Postgres server = testbed.startPostgres(PostgresSpec.defaults());
            Database ledger = database(server, "ledger");
            Database reporting = database(server, "reporting");
            run(
                    ledger,
                    "CREATE TABLE entries (id bigint PRIMARY KEY, account_id uuid, account_version bigint)",
                    "INSERT INTO entries VALUES (1, '" + ACCOUNT + "', 1)");
            run(
                    reporting,
                    "CREATE SCHEMA ledger_connect",
                    "CREATE TABLE ledger_connect.status (pipeline text, source text, complete_through_lsn pg_lsn,"
                            + " complete_through_time timestamptz, quarantined bigint, gap text)",
                    "INSERT INTO ledger_connect.status VALUES ('pipe', '"
                            + position(ledger).source() + "', NULL, NULL, 0, NULL)",
                    "CREATE SCHEMA reporting",
                    "CREATE TABLE reporting.accounts (id uuid, version bigint)");
            try (StatusAlarms alarms = StatusAlarms.of(ledger, reporting, "pipe")) {
                tells(alarms, reporting, ledger, server);
            }
        }
    }

    private static void tells(StatusAlarms alarms, Database reporting, Database ledger, Postgres server)
            throws SQLException {
        assertThat(alarms.read()).contains(List.of());
        set(reporting, "gap = 'sequence 5 is missing', quarantined = 3");
        assertThat(alarms.read().orElseThrow())
                .containsExactlyInAnyOrder(
                        "the status has a gap: sequence 5 is missing", "3 records are in quarantine");
        assertThat(alarms.read()).as("it is known").contains(List.of());
        set(reporting, "gap = NULL, quarantined = 0");
        assertThat(alarms.read()).contains(List.of());

        run(reporting, "INSERT INTO reporting.accounts VALUES ('" + ACCOUNT + "', 1)");
        String first = position(ledger).lsn();
        set(reporting, "complete_through_lsn = '" + first + "'");
        assertThat(alarms.read()).contains(List.of());
        run(ledger, "INSERT INTO entries VALUES (2, '" + ACCOUNT + "', 2)");
        assertThat(alarms.read()).contains(List.of());
        set(reporting, "complete_through_lsn = '" + position(ledger).lsn() + "'");
        assertThat(told(alarms)).contains("without version 2 of account " + ACCOUNT);

        set(reporting, "complete_through_lsn = '" + first + "'");
        assertThat(told(alarms)).contains("complete through " + first, "before");
        server.kill();
        assertThat(alarms.read()).as("nobody can be asked").isEmpty();
        server.start();
        run(reporting, "INSERT INTO reporting.accounts VALUES ('" + ACCOUNT + "', 2)");
        set(reporting, "complete_through_lsn = 'FF/1'");
        assertThat(alarms.read()).as("the ledger's connection was broken").contains(List.of());
        assertThat(told(alarms)).contains("complete through FF/1, where the ledger is not yet");
    }

    private static String told(StatusAlarms alarms) {
        List<String> told = alarms.read().orElseThrow();
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    private static Database database(Postgres server, String name) throws SQLException {
        server.createDatabase(name);
        return new Database(server.jdbcUrl(name), server.user(), server.password());
    }

    private static LedgerPosition position(Database ledger) throws SQLException {
        try (Connection connection = ledger.connect()) {
            return LedgerPosition.read(connection);
        }
    }

    private static void set(Database reporting, String assignments) throws SQLException {
        run(reporting, "UPDATE ledger_connect.status SET " + assignments);
    }

    private static void run(Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
