package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that asks for a password. */
class PasswordTest {
    private static final String RIGHT = "r1ght-password";

    private Map<String, String> settings;
    private Path rules;
    private String before;

    @BeforeEach
    void askForPasswords() throws Exception {
        String database = LedgerServer.newDatabase();
        String role = "guarded_" + database;
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY)",
                "CREATE PUBLICATION ledger_connect FOR ALL TABLES",
                "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD '" + RIGHT + "'",
                "GRANT SELECT ON accounts TO " + role);
        rules = Path.of(LedgerServer.ask(database, "SHOW hba_file"));
        before = Files.readString(rules);
        Files.writeString(rules, "host all " + role + " localhost scram-sha-256\n" + before);
        LedgerServer.execute(database, "SELECT pg_reload_conf()");
        settings = LedgerServer.settings(database);
        settings.put("database.user", role);
        settings.put("database.password", RIGHT);
        String loaded = "SELECT count(*) FROM pg_hba_file_rules WHERE user_name = ARRAY['" + role + "']";
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> LedgerServer.ask(database, loaded).equals("1"));
    }

    @AfterEach
    void trustAgain() throws Exception {
        Files.writeString(rules, before);
        LedgerServer.execute("postgres", "SELECT pg_reload_conf()");
    }

    @Test
    void acceptsTheRightOne() {
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void refusesAWrongOneAndDoesNotRepeatIt() {
        settings.put("database.password", "wr0ng-password");
        // The reloaded rules may reach the next connection a moment later.
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> ValidationErrors.of(settings)
                        .expectOne(
                                "database.password",
                                "wr0ng-password",
                                "refuses role",
                                "password authentication failed"));
    }

    @Test
    void saysWhenItIsEmpty() {
        settings.put("database.password", "");
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        ValidationErrors.of(settings).expectOne("database.password", RIGHT, "refuses role", "empty"));
    }

    @Test
    void saysWhenThereIsNone() {
        settings.remove("database.password");
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> ValidationErrors.of(settings)
                        .expectOne("database.password", RIGHT, "refuses role", "no password was provided"));
    }
}
