package io.ledgerconnect.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator is told before anything starts: one sentence, at the setting that mends it. */
@ExtendWith(SharedPipeline.class)
final class ValidationIT {
    private static final String SECRET = "s3cret-of-nobody";

    private final SharedPipeline.Bench bench;
    private final Pipeline pipeline;

    ValidationIT(SharedPipeline.Bench bench) {
        this.bench = bench;
        this.pipeline = bench.pipeline();
    }

    @Test
    void configurationsOfTheProjectAreValid() {
        assertThat(pipeline.rest().validate("io.ledgerconnect.source.LedgerSourceConnector", source(Map.of())))
                .isEmpty();
        assertThat(pipeline.rest().validate("io.ledgerconnect.sink.ReportingSinkConnector", sink(Map.of())))
                .isEmpty();
    }

    @Test
    void sourceWithAWrongPassword() {
        assertSource(Map.of("database.password", SECRET), "database.password", "refuses role ledger_capture");
    }

    @Test
    void sourceWhoseDatabaseCannotBeReached() {
        assertSource(Map.of("database.port", "1"), "database.hostname", "cannot be reached from this worker");
    }

    @Test
    void sourceWithoutTheRightToReplicate() throws SQLException {
        ledger(
                "CREATE ROLE it_reader LOGIN PASSWORD '" + SECRET + "'",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO it_reader");
        assertSource(login("it_reader"), "database.user", "lacks REPLICATION", "ALTER ROLE it_reader REPLICATION;");
    }

    @Test
    void sourceWithoutTheRightToRead() throws SQLException {
        ledger("CREATE ROLE it_streamer LOGIN REPLICATION PASSWORD '" + SECRET + "'");
        assertSource(login("it_streamer"), "database.user", "may not read", "GRANT SELECT ON");
    }

    @Test
    void sourceOfATableThatDoesNotExist() {
        assertSource(
                Map.of("table.include.list", "public\\.(merchants|accounts),public\\.payments"),
                "table.include.list",
                "'public\\.payments' matches no table of database 'ledger'");
    }

    @Test
    void sourceOfATableWithoutAKey() throws SQLException {
        ledger("CREATE TABLE keyless (word text)", "GRANT SELECT ON keyless TO ledger_capture");
        ledger("CREATE PUBLICATION keyless FOR TABLE keyless");
        assertSource(
                Map.of("table.include.list", "public\\.keyless", "publication.name", "keyless"),
                "table.include.list",
                "Table public.keyless has no primary key",
                "ALTER TABLE public.keyless REPLICA IDENTITY FULL;");
    }

    @Test
    void sourceWhosePublicationLacksATable() throws SQLException {
        ledger("CREATE TABLE unpublished (id int PRIMARY KEY)", "GRANT SELECT ON unpublished TO ledger_capture");
        assertSource(
                Map.of("table.include.list", "public\\.(merchants|unpublished)"),
                "publication.name",
                "Publication ledger lacks public.unpublished",
                "ALTER PUBLICATION ledger ADD TABLE public.unpublished;");
    }

    @Test
    void sourceOfAServerWithoutLogicalDecoding() {
        Postgres server = bench.testbed().startPostgres(PostgresSpec.defaults().withSetting("wal_level", "replica"));
        try {
            assertSource(
                    Map.of(
                            "database.port", Integer.toString(server.port()),
                            "database.dbname", "postgres",
                            "database.user", server.user(),
                            "database.password", server.password()),
                    "database.hostname",
                    "wal_level=replica",
                    "ALTER SYSTEM SET wal_level = 'logical';");
        } finally {
            server.stop();
        }
    }

    @Test
    void sinkWithAWrongPassword() {
        assertSink(
                Map.of("connection.password", SECRET),
                "connection.password",
                "rejects the password of role reporting_writer");
    }

    @Test
    void sinkWhoseStoreCannotBeReached() {
        assertSink(
                Map.of("connection.url", "jdbc:postgresql://127.0.0.1:1/reporting"),
                "connection.url",
                "cannot be reached");
    }

    @Test
    void sinkOfATableWithAnIncompatibleColumn() throws SQLException {
        reporting("CREATE TABLE reporting.misfits (id bigint PRIMARY KEY, _lsn text, _committed_at timestamptz)");
        assertSink(
                Map.of("topics", "ledger.public.misfits,ledger.watermarks"),
                "table.name.format",
                "Column _lsn of reporting.misfits is of type text, not pg_lsn");
    }

    private static Map<String, String> login(String role) {
        return Map.of("database.user", role, "database.password", SECRET);
    }

    private Map<String, String> source(Map<String, String> changes) {
        return changed(pipeline.connectors().sourceConfig(), changes);
    }

    private Map<String, String> sink(Map<String, String> changes) {
        return changed(pipeline.connectors().sinkConfig(), changes);
    }

    private static Map<String, String> changed(Map<String, String> config, Map<String, String> changes) {
        Map<String, String> changed = new HashMap<>(config);
        changed.put("name", "probe");
        // A slot of its own: the one of config/ may be in use.
        changed.computeIfPresent("slot.name", (key, value) -> "it_probe");
        changed.putAll(changes);
        return changed;
    }

    private void assertSource(Map<String, String> changes, String setting, String... parts) {
        assertOneSentence("io.ledgerconnect.source.LedgerSourceConnector", source(changes), setting, parts);
    }

    private void assertSink(Map<String, String> changes, String setting, String... parts) {
        assertOneSentence("io.ledgerconnect.sink.ReportingSinkConnector", sink(changes), setting, parts);
    }

    private void assertOneSentence(String connector, Map<String, String> config, String setting, String... parts) {
        Map<String, List<String>> errors = pipeline.rest().validate(connector, config);
        assertThat(errors).containsOnlyKeys(setting);
        assertThat(errors.get(setting)).hasSize(1);
        assertThat(errors.get(setting).get(0)).contains(parts).doesNotContain("\n", "Exception");
        assertThat(answer(connector, config))
                .as("the whole answer")
                .contains(setting)
                .doesNotContain(SECRET, pipeline.reportingDatabase().password());
    }

    /** The answer as it goes over the wire. */
    private String answer(String connector, Map<String, String> config) {
        config.put("connector.class", connector);
        URI worker = pipeline.workers().get(0).restUrl();
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            worker.resolve("/connector-plugins/" + connector + "/config/validate"))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofMinutes(1))
                    .PUT(BodyPublishers.ofString(new ObjectMapper().writeValueAsString(config)))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ledger(String... statements) throws SQLException {
        try (Connection connection = pipeline.ledgerDatabase().connect()) {
            run(connection, statements);
        }
    }

    private void reporting(String... statements) throws SQLException {
        try (Connection connection = pipeline.reportingDatabase().connect()) {
            run(connection, statements);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
