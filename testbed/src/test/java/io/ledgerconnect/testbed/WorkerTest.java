package io.ledgerconnect.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.file.FileStreamSourceConnector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker and a worker with a connector of Kafka's own, which reads the lines of a file. */
final class WorkerTest {

    private static final String CONNECTOR = FileStreamSourceConnector.class.getName();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path files;

    private static Testbed testbed;
    private static KafkaBroker kafka;
    private static ConnectWorker worker;

    @BeforeAll
    static void start() throws IOException, URISyntaxException {
        testbed = Testbed.open();
        kafka = testbed.startKafka(KafkaSpec.defaults());
        worker = testbed.startConnect(kafka, ConnectSpec.defaults().withPluginPath(plugins()));
    }

    @AfterAll
    static void close() {
        testbed.close();
    }

    @Test
    void findsPluginsOnItsPathOnly() {
        assertThat(worker.rest().plugins())
                .extracting(ConnectorPlugin::className)
                .contains(CONNECTOR)
                .noneMatch(name -> name.startsWith("io.ledgerconnect"));
    }

    @Test
    void returnsValidationMessagesBySetting() {
        assertThat(worker.rest().validate(CONNECTOR, Map.of("name", "probe")))
                .hasEntrySatisfying("topic", messages -> assertThat(messages).isNotEmpty());
        assertThat(worker.rest().validate(CONNECTOR, Map.of("name", "probe", "topic", "lines")))
                .isEmpty();
    }

    @Test
    void refusesWhatDoesNotExist() {
        assertThatThrownBy(() -> worker.rest().status("nobody"))
                .isInstanceOfSatisfying(
                        ConnectRestException.class,
                        answer -> assertThat(answer.statusCode()).isEqualTo(404));
    }

    @Test
    void goesOnAfterEitherIsKilled() throws IOException {
        Path input = files.resolve("input");
        Files.write(input, List.of("one", "two"));
        worker.rest().putConnector("lines", fileSource(input, "lines"));
        worker.rest().awaitRunning("lines", PATIENCE);
        awaitRecords("lines", 2);

        worker.kill();
        assertThat(worker.rest().isHealthy()).isFalse();
        worker.start();
        kafka.kill();
        kafka.start();
        Files.write(input, List.of("one", "two", "three"));

        awaitRecords("lines", 3);
        worker.rest().delete("lines");
    }

    @Test
    void keepsItsOffsetsWhileItIsStopped() throws IOException {
        Path input = files.resolve("stopped");
        Files.write(input, List.of("one"));
        worker.rest().putConnector("stopping", fileSource(input, "stopping"));
        awaitRecords("stopping", 1);

        worker.rest().stop("stopping");
        worker.rest().awaitStopped("stopping", PATIENCE);
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(worker.rest().offsets("stopping").path("offsets"))
                                .hasSize(1));
        worker.rest().deleteOffsets("stopping");
        assertThat(worker.rest().offsets("stopping").path("offsets")).isEmpty();
        worker.rest().resume("stopping");
        worker.rest().awaitRunning("stopping", PATIENCE);

        awaitRecords("stopping", 2);
        worker.rest().delete("stopping");
    }

    @Test
    void reportsTheStackTraceOfAFailure() throws IOException {
        Path input = Files.write(files.resolve("broken"), List.of("a line is not a structure"));
        Map<String, String> config = new HashMap<>(fileSource(input, "broken"));
        config.put("transforms", "broken");
        config.put("transforms.broken.type", "org.apache.kafka.connect.transforms.ExtractField$Value");
        config.put("transforms.broken.field", "none");
        worker.rest().putConnector("broken", config);

        assertThat(worker.rest().awaitFailed("broken", PATIENCE).failure())
                .hasValueSatisfying(trace -> assertThat(trace).contains("DataException"));
        assertThatThrownBy(() -> worker.rest().awaitRunning("broken", PATIENCE))
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("DataException");
        worker.rest().delete("broken");
    }

    @Test
    void worksTogetherWithASecondWorkerOnAnotherPort() throws IOException {
        ConnectWorker second =
                testbed.startConnect(kafka, ConnectSpec.defaults().withPluginPath(files));
        assertThat(second.restUrl()).isNotEqualTo(worker.restUrl());

        second.rest().putConnector("shared", fileSource(Files.createFile(files.resolve("shared")), "shared"));
        worker.rest().awaitRunning("shared", PATIENCE);
        assertThat(worker.rest().connectors()).contains("shared");
        worker.rest().delete("shared");
        second.stop();
        assertThat(second.isRunning()).isFalse();
    }

    @Test
    void pausedWorkerIsSilent() {
        worker.pause();
        try {
            assertThat(worker.isRunning()).isTrue();
        } finally {
            worker.resume();
        }
        assertThat(worker.rest().isHealthy()).isTrue();
        assertThat(worker.usage().peakMemoryBytes()).isGreaterThan(50L << 20);
    }

    private static Map<String, String> fileSource(Path input, String topic) {
        return Map.of(
                "connector.class",
                CONNECTOR,
                "file",
                input.toString(),
                "topic",
                topic,
                "topic.creation.default.replication.factor",
                "1",
                "topic.creation.default.partitions",
                "1");
    }

    private static void awaitRecords(String topic, long count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset()
                            >= count);
        }
    }

    /** A plugin path as a Kafka cluster has it: a directory for each plugin. */
    private static Path plugins() throws IOException, URISyntaxException {
        Path jar = Path.of(FileStreamSourceConnector.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path plugin = Files.createDirectories(files.resolve("plugins").resolve("file"));
        Files.copy(jar, plugin.resolve(jar.getFileName()));
        return plugin.getParent();
    }
}
