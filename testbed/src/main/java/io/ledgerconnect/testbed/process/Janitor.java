package io.ledgerconnect.testbed.process;

import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A shell process that waits for the end of its input, then kills every process that works in the workspace's directory
 * and removes it. The input ends when it is closed here, and also when this JVM dies, however it dies.
 */
final class Janitor implements AutoCloseable {

    /** It kills rather than asks: what takes time is the removal of data, and 45 s at most what runs at the end. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path directory;
    private final Process shell;

    private Janitor(Path directory, Process shell) {
        this.directory = directory;
        this.shell = shell;
    }

    static Janitor of(Path directory) {
        try {
            // A session of its own: signals to this JVM's process group do not reach it.
            Process shell = new ProcessBuilder("setsid", "sh", "-c", script(), "testbed-janitor", directory.toString())
                    .directory(Path.of("/").toFile())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return new Janitor(directory, shell);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TestbedException("Not removed within " + PATIENCE + ": " + directory);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            // The janitor does its work all the same.
            Thread.currentThread().interrupt();
        }
    }

    private static String script() throws IOException {
        try (InputStream script = Objects.requireNonNull(Janitor.class.getResourceAsStream("janitor.sh"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
