package io.ledgerconnect.testbed.process;

import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that prepares a server's data and ends. */
public final class Preparation {

    /** They take a second or two on an idle machine. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private Preparation() {}

    /** Runs a program in a server's directory; its output is part of the exception when it fails. */
    public static void run(Path directory, String name, List<String> command, Map<String, String> environment) {
        try {
            Path log = directory.resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            if (!succeeds(builder.start())) {
                throw new TestbedException(name + " failed:\n" + Files.readString(log));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean succeeds(Process process) {
        try {
            return process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}
