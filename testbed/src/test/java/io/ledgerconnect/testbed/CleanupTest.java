package io.ledgerconnect.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing outlives a testbed. */
final class CleanupTest {

    @Test
    void closeEndsServersInWhateverState() throws Exception {
        Testbed testbed = Testbed.open();
        Postgres running = testbed.startPostgres(PostgresSpec.defaults());
        Postgres paused = testbed.startPostgres(PostgresSpec.defaults());
        Postgres killed = testbed.startPostgres(PostgresSpec.defaults());
        Traces traces = Traces.of(testbed.directory());
        assertThat(traces.count()).isGreaterThan(2);
        paused.pause();
        killed.kill();

        testbed.close();

        assertThat(traces.areGone()).isTrue();
        assertThat(testbed.directory()).doesNotExist();
        assertThat(running.isRunning()).isFalse();
        assertThatThrownBy(killed::start).isInstanceOf(TestbedException.class);
        testbed.close();
    }

    /** The child is a JVM that keeps a testbed open until it is ended. */
    @ParameterizedTest
    @CsvSource({"KILL, 1", "TERM, 0"})
    void nothingIsLeftOfAKilledJvm(String signal, String workers) throws Exception {
        Process child = child("--workers", workers);
        try (BufferedReader output = child.inputReader()) {
            Path directory = Path.of(valueAfter("files", output));
            valueAfter("Ready.", output);
            Traces traces = Traces.of(directory);
            assertThat(traces.count()).isGreaterThan(1);

            new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + child.pid()).start();

            Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                assertThat(directory).doesNotExist();
                assertThat(traces.areGone()).isTrue();
            });
        } finally {
            child.destroyForcibly();
        }
    }

    private static Process child(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dtestbed.backend=" + BackendKind.choose()));
        for (String image : List.of("testbed.image.postgres", "testbed.image.kafka")) {
            Optional.ofNullable(System.getProperty(image)).ifPresent(name -> command.add("-D" + image + "=" + name));
        }
        command.add(RunTestbed.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String valueAfter(String word, BufferedReader output) throws IOException {
        String line = output.readLine();
        while (!line.startsWith(word)) {
            line = output.readLine();
        }
        return line.substring(word.length()).trim();
    }
}
