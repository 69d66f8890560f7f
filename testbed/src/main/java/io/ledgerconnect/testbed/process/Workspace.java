package io.ledgerconnect.testbed.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of one testbed and the ports it holds. Every server has a directory of its own in it, and works there:
 * that is how its processes are found. Safe for use by several threads.
 */
public final class Workspace implements AutoCloseable {

    private final Path directory;
    private final Ports ports = new Ports();
    private final Janitor janitor;

    private Workspace(Path directory) {
        this.directory = directory;
        this.janitor = Janitor.of(directory);
    }

    public static Workspace open() {
        try {
            // The kernel shows a process's directory with its links resolved.
            Path directory = Files.createTempDirectory("ledger-testbed-").toRealPath();
            // Others may pass through, but not look around: the database server may run as another user.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            return new Workspace(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Path directory() {
        return directory;
    }

    /** Creates the directory of a server. */
    public Path createServerDirectory(String name) {
        try {
            return Files.createDirectory(directory.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Ports ports() {
        return ports;
    }

    /**
     * Has the janitor run a shell script once this workspace or this JVM has ended, after it has killed the processes.
     */
    public void atEnd(String script) {
        try {
            Files.writeString(directory.resolve("at-end"), script);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Kills every process of the workspace, removes the directory and gives the ports back. */
    @Override
    public void close() {
        janitor.close();
        ports.close();
    }
}
