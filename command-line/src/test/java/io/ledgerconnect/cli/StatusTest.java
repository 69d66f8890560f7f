package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger-connect status} on a reporting store with the sink's own schema. */
class StatusTest {
    private static final String SOURCE = "7345678901234567890/ledger";

    private final TestDatabase store = TestDatabase.reporting();
    private final FakeWorker worker = new FakeWorker();

    @BeforeEach
    void aPipelineThatIsBehind() {
        store.execute("""
                INSERT INTO ledger_connect.stream VALUES
                    ('pipe', '7345678901234567890/ledger', 'slot@100', '0/100', true, 'active');
                INSERT INTO ledger_connect.channel VALUES
                    ('pipe', '7345678901234567890/ledger', 'public.transfers', 0, 'slot@100', 7, 'ledger.public.transfers', 0, 7),
                    ('pipe', '7345678901234567890/ledger', 'public.entries', 1, 'slot@100', 20, 'ledger.public.entries', 1, 33);
                INSERT INTO ledger_connect.watermark VALUES
                    ('pipe', '7345678901234567890/ledger', 'slot@100', '0/200', now() - interval '10 s',
                     '{slot@100,slot@100}', '{public.transfers,public.entries}', '{0,1}', '{7,20}'),
                    ('pipe', '7345678901234567890/ledger', 'slot@100', '0/300', now() - interval '1 s',
                     '{slot@100,slot@100,slot@100}', '{public.transfers,public.entries,public.accounts}', '{0,1,0}', '{7,25,3}')""");
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        store.close();
    }

    private Call status(String... more) {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(
                new String[] {"status", "--store", store.url(), "--store-user", "postgres"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Call.of(Map.of(), arguments);
    }

    private void addGap() {
        store.execute("""
                INSERT INTO ledger_connect.gap
                    (pipeline, source, channel, partition, stream, missing_sequence, after_position, next_seen_sequence,
                     topic, kafka_partition, kafka_offset)
                VALUES
                    ('pipe', '7345678901234567890/ledger', 'public.accounts', 0, 'slot@100', 1, '0/290 #1', 2, 'ledger.public.accounts', 0, 4),
                    ('pipe', '7345678901234567890/ledger', 'public.entries', 1, 'slot@100', 21, '0/1F0 #4', NULL, 'ledger.public.entries', 1, 33)""");
    }

    @Test
    void tellsPositionTimeLagAndWhatIsWaitedFor() {
        Call call = status("--json");
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isEqualTo(0);
        JsonNode pipeline = call.json().at("/pipelines/0");
        assertThat(pipeline.path("pipeline").asText()).isEqualTo("pipe");
        assertThat(pipeline.path("source").asText()).isEqualTo(SOURCE);
        assertThat(pipeline.path("complete_through_lsn").asText()).isEqualTo("0/200");
        assertThat(pipeline.path("complete_through_time").asText()).endsWith("Z");
        assertThat(pipeline.path("lag_seconds").asDouble()).isBetween(10.0, 60.0);
        assertThat(pipeline.path("received_through_lsn").asText()).isEqualTo("0/300");
        assertThat(pipeline.path("lag_bytes").asLong()).isEqualTo(0x100);
        assertThat(pipeline.path("first_gap").isNull()).isTrue();
        assertThat(pipeline.path("waiting_channels")).hasSize(2);
        assertThat(pipeline.at("/waiting_channels/0/channel").asText()).isEqualTo("public.accounts");
        assertThat(pipeline.at("/waiting_channels/0/reads_on_at").isNull()).isTrue();
        assertThat(pipeline.at("/waiting_channels/1/applied_sequence").asLong()).isEqualTo(20);
        assertThat(pipeline.at("/waiting_channels/1/needed_sequence").asLong()).isEqualTo(25);
        assertThat(pipeline.at("/waiting_channels/1/reads_on_at").asText())
                .isEqualTo("ledger.public.entries-1 offset 33");
    }

    @Test
    void printsATableForPeople() {
        Call call = status();
        assertThat(call.status()).isEqualTo(0);
        assertThat(call.out().lines().findFirst().orElseThrow())
                .containsSubsequence("pipeline", "source", "complete through", "at (UTC)", "lag", "quarantined", "gap");
        assertThat(call.out().lines().skip(1).findFirst().orElseThrow())
                .containsSubsequence("pipe", SOURCE, "0/200", " s, 256 bytes", "0", "none");
        assertThat(call.out())
                .contains("public.entries partition 1 of stream slot@100: applied through sequence 20 of 25,"
                        + " waits for ledger.public.entries-1 offset 33");
    }

    @Test
    void theFirstGapIsTheOneThatComesFirstInTheLedger() {
        addGap();
        Call call = status("--json");
        assertThat(call.status()).isEqualTo(3);
        JsonNode gap = call.json().at("/pipelines/0/first_gap");
        assertThat(gap.path("channel").asText()).isEqualTo("public.entries");
        assertThat(gap.path("missing_sequence").asLong()).isEqualTo(21);
        assertThat(status().out())
                .contains(
                        "first gap: public.entries partition 1 of stream slot@100: sequence 21 is missing after position"
                                + " 0/1F0 #4, ledger.public.entries-1 brings nothing more");
    }

    @Test
    void quarantinedRecordsBelowThePositionAreCountedByThemselves() {
        store.execute("""
                INSERT INTO ledger_connect.quarantine
                    (pipeline, source, channel, target, topic, partition, kafka_offset, position, lsn, ordinal, reason)
                SELECT 'pipe', '7345678901234567890/ledger', 'public.entries', 't', 'topic', 1, 1, 'p', lsn::pg_lsn, 1, 'no'
                FROM unnest('{0/150,0/200,0/280}'::text[]) AS lsn""");
        JsonNode pipeline = status("--json").json().at("/pipelines/0");
        assertThat(pipeline.path("quarantined").asLong()).isEqualTo(3);
        assertThat(pipeline.path("quarantined_below").asLong()).isEqualTo(2);
    }

    @Test
    void aPipelineWithoutACompleteWatermarkIsNotKnown() {
        store.execute("DELETE FROM ledger_connect.watermark");
        Call call = status("--json");
        assertThat(call.status()).isEqualTo(0);
        assertThat(call.json().at("/pipelines/0/complete_through_lsn").isNull()).isTrue();
        assertThat(status().out()).contains(SOURCE + "  -");
    }

    @Test
    void aStreamThatWaitsForItsStartIsTold() {
        store.execute("INSERT INTO ledger_connect.stream VALUES"
                + " ('pipe', '7345678901234567890/ledger', 'other@280', '0/280', false, 'waiting')");
        assertThat(status().out()).contains("stream other@280 is applied once everything through 0/280 is there");
    }

    @Test
    void connectsByTheSinkConnectorsOwnConfiguration() {
        worker.connector("ledger-sink", sink("${env:REPORTING_PASSWORD}"));
        Call call = Call.of(
                Map.of("REPORTING_PASSWORD", "postgres"),
                "status",
                "--json",
                "--connect",
                worker.url(),
                "--connector",
                "ledger-sink");
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isEqualTo(0);
        assertThat(call.json().at("/pipelines/0/pipeline").asText()).isEqualTo("pipe");
        assertThat(call.json().at("/connector/state").asText()).isEqualTo("RUNNING");
    }

    private Map<String, String> sink(String password) {
        return Map.of(
                "connector.class", "io.ledgerconnect.sink.ReportingSinkConnector",
                "pipeline.name", "pipe",
                "connection.url", store.url(),
                "connection.user", "postgres",
                "connection.password", password);
    }

    @Test
    void aPlaceholderThatOnlyTheWorkerFillsInIsNamedWithWhatToGiveInstead() {
        worker.connector("ledger-sink", sink("${vault:secret/reporting:password}"));
        String[] arguments = {"status", "--connect", worker.url(), "--connector", "ledger-sink"};
        Call call = Call.of(Map.of(), arguments);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .isEqualTo("ledger-connect: Connector ledger-sink takes connection.password from its worker's provider"
                        + " 'vault', which Connect's REST API does not show: give it by --store-password-file or"
                        + " LEDGER_CONNECT_STORE_PASSWORD.\n");
        assertThat(Call.of(Map.of("LEDGER_CONNECT_STORE_PASSWORD", "postgres"), arguments)
                        .status())
                .isEqualTo(0);
    }

    @Test
    void aConnectorThatHasFailedIsToldWithItsSentence() {
        worker.connector("ledger-sink", sink("postgres")).status("ledger-sink", """
                        {"connector":{"state":"RUNNING"},"tasks":[{"id":0,"state":"FAILED","trace":
                         "org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.\\n\\tat a.b(C.java:1)\\nCaused by: org.apache.kafka.connect.errors.ConnectException: Table reporting.entries has no column note.\\n\\t... 9 more"}]}""");
        Call call = Call.of(Map.of(), "status", "--connect", worker.url(), "--connector", "ledger-sink");
        assertThat(call.status()).isEqualTo(3);
        assertThat(call.out())
                .contains("connector: RUNNING, 0 of 1 tasks running: Table reporting.entries has no column note.")
                .doesNotContain("Exiting", "\tat ");
    }

    @Test
    void aConnectorThatIsNoSinkOfOursIsRefused() {
        worker.connector("other", Map.of("connector.class", "org.example.FileStreamSinkConnector"));
        Call call = Call.of(Map.of(), "status", "--connect", worker.url(), "--connector", "other");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("Connector other is no sink of Ledger Connect, its class is org.example.");
    }

    @Test
    void whatCannotBeAskedIsToldInASentence() {
        assertThat(Call.of(Map.of(), "status").err()).contains("Which reporting store? Give --store");
        assertThat(Call.of(Map.of(), "status", "--connect", worker.url(), "--connector", "none")
                        .err())
                .contains("has no connector 'none'.");
        assertThat(Call.of(Map.of(), "status", "--connect", "http://localhost:1", "--connector", "a")
                        .err())
                .isEqualTo("ledger-connect: No Connect worker answers at http://localhost:1.\n");
        Call unreachable =
                Call.of(Map.of(), "status", "--store", "jdbc:postgresql://localhost:1/reporting", "--store-user", "me");
        assertThat(unreachable.status()).isEqualTo(2);
        assertThat(unreachable.err())
                .startsWith(
                        "ledger-connect: The reporting store jdbc:postgresql://localhost:1/reporting as me cannot be"
                                + " asked (SQLSTATE 08001)");
        Call elsewhere = Call.of(Map.of(), "status", "--store", TestServer.url("postgres"), "--store-user", "postgres");
        assertThat(elsewhere.status()).isEqualTo(2);
        assertThat(elsewhere.err()).contains("has no schema ledger_connect: no sink has written there yet");
        assertThat(status("--pipeline", "pipes").err())
                .contains("No pipeline 'pipes' has written to the reporting store");
        assertThat(status("--no-such-option").status()).isEqualTo(2);
    }

    @Test
    void aPasswordMayComeFromAFileAndNeverStandsInAnAddress(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "postgres\n");
        assertThat(status("--store-password-file", file.toString()).status()).isEqualTo(0);
        Call call = Call.of(Map.of(), "status", "--store", store.url() + "?user=postgres&password=s3cret");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("--store contains a password").doesNotContain("s3cret");
    }
}
