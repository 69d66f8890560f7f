package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.TestbedException;
import io.ledgerconnect.testbed.process.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * PostgreSQL's binaries from the class path, unpacked once per user. Several testbeds, also of several JVMs, may ask at
 * the same time.
 */
final class PostgresBinaries {

    private static final String ARCHIVE =
            "/postgres-linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64") + ".txz";

    private PostgresBinaries() {}

    /** The directory of the programs. */
    static Path unpacked(Workspace workspace) {
        try {
            Path directory = Cache.directory().orElse(workspace.directory()).resolve("postgres-" + digest());
            if (!Files.exists(directory)) {
                unpack(directory);
            }
            return directory.resolve("bin");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** One at a time, and visible under its final name only when it is complete. */
    private static synchronized void unpack(Path directory) throws IOException {
        Path lock = directory.resolveSibling("lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            if (!held.isValid() || Files.exists(directory)) {
                return;
            }
            Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
            Archives.deleteTree(partial);
            try (InputStream archive = archive()) {
                Archives.unpackTarXz(archive, partial);
            }
            Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String digest() throws IOException {
        try (InputStream archive = archive()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive.readAllBytes());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static InputStream archive() {
        InputStream archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new TestbedException("The class path has no PostgreSQL for this machine (" + ARCHIVE
                    + "). Name the directory of an installed server's programs: -Dtestbed.postgres.binaries=…");
        }
        return archive;
    }
}
