package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValidationTest {
    private final ReportingStore store = new ReportingStore();

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** The errors by setting. */
    private Map<String, List<String>> errors(String... settings) {
        Map<String, String> more = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        Map<String, List<String>> errors = new HashMap<>();
        Map<String, String> properties = RunningSink.properties(store, more);
        properties.values().removeIf(String::isEmpty);
        for (ConfigValue value :
                new ReportingSinkConnector().validate(properties).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    private void assertError(String setting, String sentence, String... settings) {
        Map<String, List<String>> errors = errors(settings);
        assertThat(errors).containsOnlyKeys(setting);
        assertThat(errors.get(setting)).singleElement().asString().contains(sentence);
    }

    @Test
    void goodConfigurationHasNoErrors() {
        assertThat(errors()).isEmpty();
        assertThat(errors("topics.regex", "", "topics", "ledger.public.transfers,ledger.watermarks"))
                .isEmpty();
    }

    @Test
    void topicsThatAreNullAreMissed() {
        Map<String, String> properties = RunningSink.properties(store, Map.of());
        properties.remove("topics.regex");
        properties.put("topics", null);
        assertThat(new ReportingSinkConnector().validate(properties).configValues())
                .flatMap(ConfigValue::errorMessages)
                .anyMatch(error -> error.contains("nothing would be read"));
    }

    @Test
    void settingsAreCheckedForThemselves() {
        assertError("connection.url", "JDBC URL of a PostgreSQL", "connection.url", "jdbc:mysql://x/y");
        assertError(
                "connection.url", "move it to connection.password", "connection.url", store.url() + "?password=s3cret");
        assertError("table.name.format", "${table} or ${topic}", "table.name.format", "reporting.all");
        assertError("table.name.format", "placeholders", "table.name.format", "reporting.${tabel}");
        assertError("table.transfers.mode", "must be upsert, append or history", "table.transfers.mode", "replace");
        assertError("table.transfers.color", "is not a setting of a table", "table.transfers.color", "red");
        assertError("max.batch.rows", "at least 1", "max.batch.rows", "0");
        assertError(
                "value.converter.schemas.enable",
                "types of its columns",
                "value.converter",
                "org.apache.kafka.connect.json.JsonConverter",
                "value.converter.schemas.enable",
                "false");
    }

    @Test
    void topicsOfTwoLedgerTablesThatLeadToOneReportingTableAreFound() {
        assertError(
                "table.name.format",
                "eu.transfers and us.transfers lead to reporting.transfers",
                "topics.regex",
                "",
                "topics",
                "ledger.eu.transfers,ledger.us.transfers");
        assertThat(errors("topics.regex", "", "topics", "one.public.transfers,two.public.transfers"))
                .isEmpty();
    }

    @Test
    void connectionIsTried() {
        assertError("connection.url", "cannot be reached", "connection.url", "jdbc:postgresql://localhost:1/reporting");
        assertError("connection.url", "no database of the name", "connection.url", store.url() + "_not");
    }

    @Test
    void privilegesAreChecked() {
        String role = "role_" + store.value("SELECT current_database()");
        store.execute("CREATE ROLE " + role + " LOGIN");
        assertThat(errors("connection.user", role).get("connection.user"))
                .hasSize(2)
                .allSatisfy(sentence -> assertThat(sentence).contains("GRANT CREATE ON DATABASE"));
        store.execute("CREATE SCHEMA ledger_connect AUTHORIZATION " + role);
        assertError(
                "connection.user",
                "may not create the schema reporting",
                "connection.user",
                role,
                "topics.regex",
                "",
                "topics",
                "ledger.public.transfers");
        store.execute("CREATE SCHEMA reporting; GRANT USAGE ON SCHEMA reporting TO " + role
                + "; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, _lsn pg_lsn, _committed_at timestamptz);"
                + " GRANT SELECT ON reporting.transfers TO " + role);
        assertError(
                "connection.user",
                "lacks INSERT, UPDATE, DELETE on reporting.transfers",
                "connection.user",
                role,
                "topics.regex",
                "",
                "topics",
                "ledger.public.transfers");
    }

    @Test
    void privilegesOnTheSchemaAreCheckedWhereTablesAreNotKnownYet() {
        String role = "role_" + store.value("SELECT current_database()");
        store.execute("CREATE ROLE " + role + " LOGIN; CREATE SCHEMA ledger_connect AUTHORIZATION " + role);
        assertError("connection.user", "may not create the schema reporting", "connection.user", role);
        assertError(
                "auto.create",
                "schema reporting of the reporting tables does not exist",
                "connection.user",
                role,
                "auto.create",
                "false");
        store.execute("CREATE SCHEMA reporting");
        assertError("connection.user", "lacks CREATE, USAGE on the schema reporting", "connection.user", role);
        store.execute("GRANT USAGE ON SCHEMA reporting TO " + role);
        assertError("connection.user", "GRANT CREATE ON SCHEMA \"reporting\" TO " + role, "connection.user", role);
        assertThat(errors("connection.user", role, "auto.create", "false")).isEmpty();
        assertThat(errors("connection.user", role, "table.name.format", "${schema}.${table}"))
                .as("the schema is not known before the first record")
                .isEmpty();
        store.execute("GRANT CREATE ON SCHEMA reporting TO " + role);
        assertThat(errors("connection.user", role)).isEmpty();
    }

    @Test
    void misspeltSettingsAreFound() {
        assertError(
                "delete.enable",
                "There is no setting delete.enable; did you mean delete.enabled?",
                "delete.enable",
                "false");
        assertError("pipline.name", "did you mean pipeline.name?", "pipline.name", "x");
        assertError("topic", "did you mean topics?", "topic", "x");
        assertThat(errors("conection.url", "x", "connection.url", "").keySet())
                .containsExactlyInAnyOrder("conection.url", "connection.url");
        assertThat(errors("tasks.max", "2", "transforms", "", "consumer.override.max.poll.records", "1", "my.own", "1"))
                .isEmpty();
    }

    @Test
    void settingsOfATableThatNoTopicLeadsToAreFound() {
        String[] topics = {"topics.regex", "", "topics", "ledger.public.transfers,ledger.watermarks"};
        assertThat(errorsWith(topics, "table.transfers.mode", "append", "table.reporting.transfers.key", "id"))
                .isEmpty();
        assertThat(errorsWith(topics, "table.tranfers.mode", "append").get("table.tranfers.mode"))
                .singleElement()
                .asString()
                .contains("No topic leads to a reporting table tranfers")
                .contains("the topics lead to [reporting.transfers]");
        assertThat(errorsWith(topics, "table.entries.mode", "append"))
                .as("of a table that is not meant")
                .isEmpty();
        assertThat(errorsWith(topics, "table.tranfers.mode", "append", "transforms", "route"))
                .as("a transform may rename the topic")
                .isEmpty();
        assertThat(errors("table.other.mode", "append"))
                .as("any topic may match")
                .isEmpty();
    }

    private Map<String, List<String>> errorsWith(String[] topics, String... more) {
        return errors(Stream.concat(Stream.of(topics), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void existingTablesAreChecked() {
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, _lsn text, _committed_at timestamptz)");
        assertError(
                "table.name.format",
                "_lsn of reporting.transfers is of type text",
                "topics.regex",
                "",
                "topics",
                "ledger.public.transfers");
        assertError(
                "table.name.format",
                "_lsn of reporting.transfers is of type text",
                "table.reporting.transfers.mode",
                "upsert");
        assertError(
                "auto.create",
                "does not exist and auto.create is false",
                "topics.regex",
                "",
                "topics",
                "ledger.public.accounts",
                "auto.create",
                "false");
        store.execute("ALTER TABLE reporting.transfers DROP _lsn, ADD _lsn pg_lsn");
        assertError(
                "table.name.format", "no unique index on exactly [amount]", "table.reporting.transfers.key", "amount");
    }

    @Test
    void keysThatTakeNoValuesOfTheLedgerAreFound() {
        String[] topics = {"topics.regex", "", "topics", "ledger.public.transfers"};
        store.execute(
                "CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint GENERATED ALWAYS AS IDENTITY"
                        + " PRIMARY KEY, amount bigint, _lsn pg_lsn, _committed_at timestamptz)");
        assertError("table.name.format", "The server makes the values of [id]", topics);
        store.execute("CREATE UNIQUE INDEX ON reporting.transfers (amount)");
        assertThat(errors(topics)).as("the ledger's key may be the other").isEmpty();
        assertError("table.name.format", "The server makes the values of [id]", "table.reporting.transfers.key", "id");
        store.execute("ALTER TABLE reporting.transfers ALTER id SET GENERATED BY DEFAULT");
        assertThat(errors("table.reporting.transfers.key", "id")).isEmpty();
    }

    @Test
    void storeThatTakesNoWritesIsFound() {
        String database = store.value("SELECT current_database()");
        store.execute("ALTER DATABASE " + database + " SET default_transaction_read_only = on");
        assertError(
                "connection.url",
                "ALTER DATABASE \"" + database + "\" RESET default_transaction_read_only",
                "max.batch.rows",
                "1");
        store.execute("BEGIN READ WRITE; ALTER DATABASE " + database + " RESET default_transaction_read_only; COMMIT");
        String role = "role_" + database;
        store.execute("CREATE ROLE " + role + " LOGIN SUPERUSER; ALTER ROLE " + role
                + " SET default_transaction_read_only = on");
        assertError(
                "connection.user",
                "ALTER ROLE \"" + role + "\" RESET default_transaction_read_only",
                "connection.user",
                role);
        assertError(
                "connection.url",
                "parameters of connection.url",
                "connection.url",
                store.url() + "?options=-c%20default_transaction_read_only=on");
    }

    @Test
    void missingRoleIsAskedFor() {
        assertError("connection.user", "connection.user is not set", "connection.user", "");
        assertThat(errors("connection.user", "", "connection.url", store.url() + "?user=postgres"))
                .isEmpty();
    }

    @Test
    void missingPasswordIsAskedFor() throws Exception {
        String role = "secret_" + store.value("SELECT current_database()");
        store.execute("CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'secret'");
        Path rules = Path.of(store.value("SHOW hba_file"));
        String all = Files.readString(rules);
        Files.writeString(rules, "host all " + role + " all scram-sha-256\n" + all);
        store.rows("SELECT pg_reload_conf()");
        try {
            Awaitility.await()
                    .untilAsserted(() -> assertError(
                            "connection.password",
                            "connection.password is not set",
                            "connection.user",
                            role,
                            "connection.password",
                            ""));
            assertError(
                    "connection.password",
                    "rejects the password",
                    "connection.user",
                    role,
                    "connection.password",
                    "wrong");
            assertThat(errors("connection.user", role, "connection.password", "secret"))
                    .isEmpty();
        } finally {
            Files.writeString(rules, all);
            store.rows("SELECT pg_reload_conf()");
        }
    }

    @Test
    void placeholdersThatNobodyFilledInAreFound() {
        assertError(
                "connection.password",
                "connection.password still holds a placeholder",
                "connection.password",
                "${env:REPORTING_PASSWORD}");
        assertError(
                "connection.user",
                "connection.user still holds the placeholder ${file:/etc/reporting:user}",
                "connection.user",
                "${file:/etc/reporting:user}");
        assertThat(errors("connection.url", "${env:REPORTING_URL}").get("connection.url"))
                .singleElement()
                .asString()
                .contains("still holds the placeholder ${env:REPORTING_URL}");
    }
}
