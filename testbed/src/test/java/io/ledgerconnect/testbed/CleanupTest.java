package io.ledgerconnect.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        List<Long> pids = Stream.of(running, paused, killed)
                .flatMap(server -> server.pids().stream())
                .toList();
        paused.pause();
        killed.kill();

        testbed.close();

        assertThat(pids).hasSizeGreaterThan(10).noneMatch(CleanupTest::lives);
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
            List<Long> pids = workingIn(directory);
            assertThat(pids).hasSizeGreaterThan(5);

            new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + child.pid()).start();

            Awaitility.await().atMost(Duration.ofSeconds(45)).untilAsserted(() -> {
                assertThat(directory).doesNotExist();
                assertThat(pids).noneMatch(CleanupTest::lives);
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
                RunTestbed.class.getName()));
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

    private static List<Long> workingIn(Path directory) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> worksIn(directory, process))
                    .map(process -> Long.valueOf(process.getFileName().toString()))
                    .toList();
        }
    }

    private static boolean worksIn(Path directory, Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory);
        } catch (IOException gone) {
            return false;
        }
    }

    /** A process that has ended but whose parent has not asked for its status has no program any more. */
    private static boolean lives(long pid) {
        try {
            return !Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe"))
                    .toString()
                    .isEmpty();
        } catch (IOException ended) {
            return false;
        }
    }
}
