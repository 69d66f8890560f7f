package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/**
 * A ledger with one table, a configuration of it that works, and what validation says once a test has spoilt either.
 */
abstract class ValidationFixture {
    static final String SECRET = "s3cret-of-the-ledger";

    String database;
    Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database, "CREATE TABLE accounts (id bigint PRIMARY KEY, owner text)", "CREATE SCHEMA other");
        settings = LedgerServer.settings(database);
        settings.put("database.password", SECRET);
    }

    final void expect(String setting, String... words) {
        ValidationErrors.of(settings).expectOne(setting, SECRET, words);
    }

    final void expectNothing() {
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    /** A role that owns nothing, and what it is allowed. */
    final void captureAs(String role, String... grants) throws SQLException {
        String name = role + '_' + database;
        List<String> statements = new ArrayList<>(List.of("CREATE ROLE " + name + " LOGIN REPLICATION"));
        for (String grant : grants) {
            statements.add(grant.replace("?", name));
        }
        LedgerServer.execute(database, statements.toArray(String[]::new));
        settings.put("database.user", name);
    }

    final void publish(String definition) throws SQLException {
        LedgerServer.execute(database, "CREATE PUBLICATION ledger_connect " + definition);
    }
}
