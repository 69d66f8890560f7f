package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The account that a database server runs as. PostgreSQL refuses to be root, so where this JVM is root the server gives
 * that up before it starts: as the user {@code nobody}, or, where this JVM may not change users or {@code nobody}
 * cannot reach the files, in a user namespace that has no root.
 */
enum Account {
    CALLER("") {
        @Override
        void own(Path directory) {}
    },
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups --") {
        @Override
        void own(Path directory) throws IOException {
            Files.setAttribute(directory, "unix:uid", 65534);
            Files.setAttribute(directory, "unix:gid", 65534);
        }
    },
    NAMESPACE("unshare --user --") {
        @Override
        void own(Path directory) {}
    };

    /** Each of these becomes the program that it starts, so that the process stays the same. */
    private final String prefix;

    Account(String prefix) {
        this.prefix = prefix;
    }

    /** The account that can work in the directory and run the program. */
    static Account forServer(Path directory, Path program) {
        if (!isRoot(directory)) {
            return CALLER;
        }
        return Stream.of(NOBODY, NAMESPACE)
                .filter(account -> account.reaches(directory) && account.reaches(program))
                .findFirst()
                .orElseThrow(() -> new TestbedException("PostgreSQL does not run as root, and neither setpriv nor"
                        + " unshare gives another account access to " + directory + " and " + program
                        + ". Run as another user, or set java.io.tmpdir to a directory that every user may enter"));
    }

    /** Gives it the directory. */
    abstract void own(Path directory) throws IOException;

    List<String> command(List<String> command) {
        return Stream.concat(Stream.of(prefix.split(" ")).filter(word -> !word.isEmpty()), command.stream())
                .toList();
    }

    private static boolean isRoot(Path ownDirectory) {
        try {
            return Files.getAttribute(ownDirectory, "unix:uid").equals(0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private boolean reaches(Path path) {
        try {
            return new ProcessBuilder(command(List.of("test", "-x", path.toString())))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
