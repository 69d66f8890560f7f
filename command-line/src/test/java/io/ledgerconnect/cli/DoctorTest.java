package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger-connect doctor} of a worker whose answers are given, and of real databases. */
class DoctorTest {
    private static final String SOURCE = "io.ledgerconnect.source.LedgerSourceConnector";
    private static final String SINK = "io.ledgerconnect.sink.ReportingSinkConnector";

    private final TestDatabase ledger = new TestDatabase("ledger");
    private final TestDatabase store = TestDatabase.reporting();
    private final FakeWorker worker = new FakeWorker();
    private final Map<String, String> source = new HashMap<>();
    private final Map<String, String> sink = new HashMap<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void aPipelineWithoutFault() {
        ledger.execute("CREATE TABLE entries (id bigint PRIMARY KEY, amount bigint)");
        ledger.execute("CREATE PUBLICATION ledger FOR TABLE entries");
        ledger.execute("SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput')");
        store.execute("INSERT INTO ledger_connect.stream VALUES ('pipe', '7/ledger', 'slot@1', '0/1', true, 'active')");
        store.execute(
                "INSERT INTO ledger_connect.watermark VALUES ('pipe', '7/ledger', 'slot@1', '0/200', now(), '{}', '{}',"
                        + " '{}', '{}')");
        source.putAll(LocalPipeline.sourceSettings(ledger, ".*"));
        source.putAll(Map.of("connector.class", SOURCE, "publication.name", "ledger", "slot.name", slot()));
        sink.putAll(Map.of(
                "connector.class", SINK,
                "pipeline.name", "pipe",
                "topics.regex", "ledger\\..*",
                "connection.url", store.url(),
                "connection.user", "postgres"));
        worker.answer("/", "{\"version\":\"4.1.0\",\"commit\":\"x\",\"kafka_cluster_id\":\"y\"}");
        plugins("0.1.0-SNAPSHOT");
        validation("LedgerSourceConnector", "");
        validation("ReportingSinkConnector", "");
    }

    @AfterEach
    void close() throws Exception {
        ledger.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '"
                + ledger.name() + "'");
        worker.close();
        ledger.close();
        store.close();
    }

    private String slot() {
        return "slot_" + ledger.name();
    }

    private void plugins(String version) {
        worker.json(
                "/connector-plugins",
                List.of(Map.of("class", SOURCE, "version", version), Map.of("class", SINK, "version", version)));
    }

    private void validation(String plugin, String error) {
        worker.json(
                "/connector-plugins/" + plugin + "/config/validate",
                Map.of(
                        "configs",
                        List.of(Map.of(
                                "value",
                                Map.of("name", "name", "errors", error.isEmpty() ? List.of() : List.of(error))))));
    }

    private Call doctor(String... more) {
        worker.connector("ledger-source", source).connector("ledger-sink", sink);
        return doctorOfStates(more);
    }

    /** Leaves the connectors' states as they were given. */
    private Call doctorOfStates(String... more) {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--connect", worker.url()));
        arguments.addAll(List.of(more));
        return Call.of(Map.of(), arguments.toArray(String[]::new));
    }

    private static List<String> findings(Call call, String level) {
        List<String> found = new ArrayList<>();
        for (JsonNode finding : call.json().path("findings")) {
            if (finding.path("level").asText().equals(level)) {
                found.add(finding.path("subject").asText() + ": "
                        + finding.path("sentence").asText());
            }
        }
        return found;
    }

    /** The tests' server writes nothing to disk, and nobody reads the slot. */
    private static List<String> problems(Call call) {
        return findings(call, "problem").stream()
                .filter(text -> !text.contains("fsync=off") && !text.contains("Nobody reads it"))
                .toList();
    }

    @Test
    void saysWhatItHasLookedAtAndWhatNot() {
        Call call = doctor("--json");
        assertThat(problems(call)).isEmpty();
        assertThat(findings(call, "stopped")).isEmpty();
        assertThat(call.json().path("looked_at").toString())
                .contains(
                        "Kafka Connect 4.1.0",
                        "RUNNING, 1 of 1 tasks running",
                        "wal_level=logical",
                        "1 tables",
                        "complete through 0/200");
        assertThat(call.json().path("not_looked_at").toString())
                .contains("--kafka names no brokers", "--worker-config");
        Call text = doctor();
        assertThat(text.out())
                .contains("PROBLEM: slot " + slot() + ": Nobody reads it: nothing is captured")
                .contains("SELECT pg_drop_replication_slot('" + slot() + "');")
                .contains("PROBLEM: ledger: fsync=off", "problems, ");
        assertThat(text.status()).isEqualTo(1);
    }

    @Test
    void aFailedConnectorIsToldWithItsSentenceAndTheCommand() {
        worker.connector("ledger-source", source).connector("ledger-sink", sink);
        worker.status(
                "ledger-sink",
                "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"id\":0,\"state\":\"FAILED\",\"trace\":\"Sequence 7 is"
                        + " missing\\n\\tat x\"}]}");
        Call call = doctorOfStates();
        assertThat(call.status()).isEqualTo(3);
        assertThat(call.out())
                .contains("STOPPED: connector ledger-sink: It has failed, so nothing goes on: Sequence 7 is missing.")
                .contains("curl -X POST '" + worker.url()
                        + "/connectors/ledger-sink/restart?includeTasks=true&onlyFailed=true'")
                .contains("The pipeline has stopped.")
                .doesNotContain("at x");
        worker.status(
                "ledger-sink", "{\"connector\":{\"state\":\"PAUSED\"},\"tasks\":[{\"id\":0,\"state\":\"PAUSED\"}]}");
        assertThat(doctorOfStates().out()).contains("curl -X PUT '" + worker.url() + "/connectors/ledger-sink/resume'");
    }

    @Test
    void thePluginsOwnSentencesAreTold() {
        validation("LedgerSourceConnector", "Table public.log has no primary key.");
        assertThat(problems(doctor("--json")))
                .containsExactly("connector ledger-source, setting name: Table public.log has no primary key.");
    }

    @Test
    void pluginsOfAnotherReleaseAndAnOldWorkerAreTold() {
        worker.answer("/", "{\"version\":\"3.5.1\"}");
        plugins("0.0.9");
        Call call = doctor("--json");
        assertThat(problems(call)).singleElement().asString().contains("Kafka Connect 3.5.1 is older than 3.6");
        assertThat(findings(call, "warning").toString())
                .contains("The sink plugin is 0.0.9, this command 0.1.0-SNAPSHOT");
        worker.answer("/connector-plugins", "[]");
        assertThat(problems(doctor("--json")).toString()).contains("This worker has no source plugin");
    }

    @Test
    void settingsThatDoNotFitTogetherAreTold() {
        source.put("exactly.once.support", "required");
        source.put("slot.drop.on.stop", "true");
        source.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        sink.put("value.converter", "io.confluent.connect.avro.AvroConverter");
        sink.remove("topics.regex");
        sink.put("topics", "ledger.public.entries");
        sink.put("consumer.override.auto.offset.reset", "latest");
        String found = problems(doctor("--json")).toString();
        assertThat(found)
                .contains("The source sends in Kafka transactions, and the sink also reads what was not committed")
                .contains("slot.drop.on.stop=true drops the slot whenever the task stops")
                .contains("value.converter is io.confluent.connect.avro.AvroConverter at the sink")
                .contains("It does not read ledger.watermarks")
                .contains("consumer.override.auto.offset.reset=latest begins behind what is in the topics");
        sink.put("consumer.override.isolation.level", "read_committed");
        assertThat(problems(doctor("--json")).toString()).doesNotContain("Kafka transactions");
    }

    @Test
    void theWorkersOwnSettingsAreLookedAtWhereTheyAreGiven() throws Exception {
        Path file = Files.writeString(directory.resolve("worker.properties"), """
                producer.acks=1
                producer.max.in.flight.requests.per.connection=5
                exactly.once.source.support=enabled
                offset.storage.replication.factor=1
                """);
        Call call = doctor("--json", "--worker-config", file.toString());
        assertThat(problems(call).toString())
                .contains("producer.acks=1 lets a broker lose records")
                .contains("producer.max.in.flight.requests.per.connection=5")
                .contains("The source sends in Kafka transactions");
        assertThat(findings(call, "warning").toString())
                .contains("offset.flush.interval.ms is 60000 (the default)")
                .contains("scheduled.rebalance.max.delay.ms is 300000 (the default)")
                .contains("offset.storage.replication.factor=1");
        sink.put("consumer.override.isolation.level", "read_committed");
        Call recommended = doctor("--json", "--worker-config", "../config/worker.properties");
        assertThat(problems(recommended)).isEmpty();
        assertThat(findings(recommended, "warning").toString()).doesNotContain("worker settings");
    }

    @Test
    void tablesWhoseChangesAreNotWholeInTheWalAreTold() {
        ledger.execute("ALTER TABLE entries REPLICA IDENTITY NOTHING");
        ledger.execute("CREATE TABLE notes (line text)");
        ledger.execute("CREATE TABLE filtered (id int PRIMARY KEY)");
        ledger.execute("ALTER PUBLICATION ledger ADD TABLE notes, filtered WHERE (id > 3)");
        ledger.execute("ALTER PUBLICATION ledger SET (publish = 'insert')");
        Call call = doctor("--json");
        assertThat(problems(call).toString())
                .contains("It leaves out some of insert, update, delete and truncate")
                .contains("Table public.entries has REPLICA IDENTITY NOTHING")
                .contains("Table public.notes has no primary key");
        assertThat(findings(call, "warning").toString()).contains("A row filter holds back rows of public.filtered");
    }

    @Test
    void aSlotThatIsNotThereIsAStop() {
        source.put("slot.name", "nowhere");
        Call call = doctor("--json");
        assertThat(call.status()).isEqualTo(3);
        assertThat(findings(call, "stopped")).singleElement().asString().startsWith("slot nowhere: It is not there.");
    }

    @Test
    void aSlotThatHoldsMoreThanHalfOfWhatItMayIsAProblem() throws Exception {
        ledger.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '24MB'");
        ledger.execute("SELECT pg_reload_conf()");
        try {
            for (int i = 0; i < 3; i++) {
                ledger.execute("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 8000000))");
            }
            assertThat(problems(doctor("--json")).toString())
                    .containsAnyOf("on the server drops it", "The next checkpoint may remove WAL");
        } finally {
            ledger.execute("ALTER SYSTEM RESET max_slot_wal_keep_size");
            ledger.execute("SELECT pg_reload_conf()");
        }
    }

    @Test
    void whatTheStoreLacksIsTold() {
        store.execute("INSERT INTO ledger_connect.gap (pipeline, source, channel, partition, stream, missing_sequence,"
                + " after_position, topic, kafka_partition, kafka_offset) VALUES ('pipe', '7/ledger', 'public.entries', 1,"
                + " 'slot@1', 21, '0/200 #1', 'ledger.public.entries', 1, 33)");
        store.execute("INSERT INTO ledger_connect.quarantine (pipeline, source, channel, target, topic, partition,"
                + " kafka_offset, position, lsn, ordinal, reason) VALUES ('pipe', '7/ledger', 'public.entries', 'r.e', 't', 0,"
                + " 1, 'p', '0/100', 1, 'refused')");
        store.execute("UPDATE ledger_connect.watermark SET committed_at = now() - interval '1 hour'");
        Call call = doctor("--json");
        assertThat(call.status()).isEqualTo(3);
        assertThat(findings(call, "stopped").toString()).contains("It stands before a gap: public.entries partition 1");
        assertThat(problems(call).toString())
                .contains("1 records that the reporting store refused are missing")
                .contains("s behind, though watermarks come when nothing is changed");
    }

    /** What cannot be asked is not taken for sound. */
    @Test
    void aLedgerWhoseAddressIsNotKnownIsNotLookedAt() {
        source.put("database.hostname", "${file:/etc/ledger:host}");
        Call call = doctor("--json");
        assertThat(call.json().path("not_looked_at").path("ledger").asText())
                .contains("takes database.hostname from its worker's provider 'file'");
        assertThat(call.status()).isIn(1, 2);
    }

    @Test
    void severalConnectorsOfAKindNeedAName() {
        worker.connector("other-sink", sink);
        Call call = doctor();
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("several connectors of the class ReportingSinkConnector", "give --connector");
        assertThat(doctor("--connector", "ledger-sink").status()).isEqualTo(1);
    }

    @Test
    void aKafkaThatDoesNotAnswerIsAClearEnd() {
        Call call = doctor("--json", "--kafka", "localhost:1");
        assertThat(call.json().path("not_looked_at").path("topics").asText())
                .contains("Kafka at localhost:1 cannot be asked");
    }
}
