package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A role that loses privileges while its capture runs. */
class PrivilegesRevokedTest {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private String role;
    private Map<String, String> settings;
    private RunningTask task;

    @BeforeEach
    void capture() throws Exception {
        database = LedgerServer.newDatabase();
        role = "role_" + database;
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY)",
                "CREATE PUBLICATION ledger_connect FOR ALL TABLES",
                "CREATE ROLE " + role + " LOGIN REPLICATION",
                "GRANT SELECT ON accounts TO " + role);
        settings = LedgerServer.settings(database);
        settings.put("database.user", role);
        task = new RunningTask(settings, offsets);
        task.store(task.pollUntil(RunningTask::isWatermark));
    }

    @AfterEach
    void stop() {
        task.close();
    }

    /** A running walsender is not asked again: the next connection is. */
    private void revoke(String statement) throws Exception {
        LedgerServer.execute(
                database,
                statement,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    private void expectFailure(String mend, String... words) throws Exception {
        assertThat(task.pollUntilFailure().getMessage())
                .contains(words)
                .contains("Nothing is lost")
                .contains(mend);
    }

    @Test
    void replicationIsNamed() throws Exception {
        revoke("ALTER ROLE " + role + " NOREPLICATION");
        expectFailure("ALTER ROLE " + role + " LOGIN REPLICATION", "SQLSTATE 42501");
    }

    @Test
    void loginIsNamed() throws Exception {
        revoke("ALTER ROLE " + role + " NOLOGIN");
        expectFailure("ALTER ROLE " + role + " LOGIN", "not permitted to log in");
    }

    @Test
    void connectIsNamed() throws Exception {
        revoke("REVOKE CONNECT ON DATABASE " + database + " FROM PUBLIC");
        expectFailure("GRANT CONNECT ON DATABASE " + database + " TO " + role, "CONNECT");
    }

    /** The WAL is read without it. */
    @Test
    void selectIsNotNeededAfterTheSnapshot() throws Exception {
        revoke("REVOKE SELECT ON accounts FROM " + role);
        LedgerServer.execute(database, "INSERT INTO accounts VALUES (1)");
        assertThat(task.pollThroughNow(database)).hasSize(1);
    }
}
