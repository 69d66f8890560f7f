package io.ledgerconnect.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A standby of a test's server, which streams from it and keeps copies of its failover slots. */
final class Standby {
    /** What belongs to the process and to the server that it was copied from. */
    private static final Set<String> OWN = Set.of("postmaster.pid", "postmaster.opts", "epg-lock");

    private Standby() {}

    /**
     * Copies the server, which has no slots yet and is restarted, and starts the copy, which streams by {@code slot}.
     */
    static TestServer of(TestServer primary, String slot) throws Exception {
        Path data = Files.createTempDirectory("ledger-standby").resolve("data");
        primary.stop();
        copy(primary.data(), data);
        primary.start();
        primary.execute("postgres", "SELECT pg_create_physical_replication_slot('" + slot + "', true)");
        Files.createFile(data.resolve("standby.signal"));
        Files.write(
                data.resolve("postgresql.auto.conf"),
                List.of(
                        "primary_conninfo = 'host=localhost port=" + primary.port() + " user=postgres dbname=postgres'",
                        "primary_slot_name = '" + slot + "'",
                        "hot_standby_feedback = on",
                        "sync_replication_slots = on",
                        "wal_receiver_status_interval = 1"),
                StandardOpenOption.APPEND,
                StandardOpenOption.CREATE);
        return new TestServer(data, Map.of());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(file -> !OWN.contains(String.valueOf(file.getFileName())))
                    .forEach(file -> copyOne(file, to.resolve(from.relativize(file))));
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
