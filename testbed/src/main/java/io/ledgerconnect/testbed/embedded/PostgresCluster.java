package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.process.Preparation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A database cluster: its files, its settings and the account it belongs to.
 *
 * <p>Each is made by {@code initdb}, which takes a second. A copied template would be quicker, but all copies would
 * have one system identifier, and that is what tells one database from another.
 */
final class PostgresCluster {

    static final String USER = "postgres";
    static final String PASSWORD = "testbed";

    /** Laid over PostgreSQL's own defaults. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("wal_level", "logical"),
            Map.entry("max_wal_senders", "20"),
            Map.entry("max_replication_slots", "20"),
            Map.entry("max_connections", "200"),
            // What a commit reports must be in the WAL, where decoding finds it.
            Map.entry("synchronous_commit", "on"),
            // Killed processes lose nothing that they wrote; only a machine that fails would, and the data with it.
            Map.entry("fsync", "off"),
            // In files of the cluster: they are removed with it, whereas a killed server's would stay in /dev/shm.
            Map.entry("dynamic_shared_memory_type", "mmap"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] %a "));

    private final Path directory;
    private final Path data;
    private final Path binaries;
    private final Account account;
    private final Map<String, String> settings = new TreeMap<>(SETTINGS);

    private PostgresCluster(Path directory, Path binaries, Account account) {
        this.directory = directory;
        this.data = directory.resolve("data");
        this.binaries = binaries;
        this.account = account;
    }

    /** Makes an empty cluster below the directory. */
    static PostgresCluster create(Path directory, Path binaries) {
        Account account = Account.forServer(directory, binaries.resolve("postgres"));
        PostgresCluster cluster = new PostgresCluster(directory, binaries, account);
        try {
            account.own(Files.createDirectory(cluster.data));
            cluster.initialize();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return cluster;
    }

    /** Changes settings as of the server's next start. */
    synchronized void configure(Map<String, String> changed) {
        settings.putAll(changed);
        try {
            Files.writeString(directory.resolve("testbed.conf"), configuration());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<String> serverCommand() {
        return account.command(List.of(program("postgres"), "-D", data.toString()));
    }

    private void initialize() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), PASSWORD);
        List<String> initdb = List.of(
                program("initdb"),
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        Preparation.run(directory, "initdb", account.command(initdb), Map.of());
        Files.delete(password);
        Files.writeString(data.resolve("postgresql.conf"), "\ninclude '../testbed.conf'\n", StandardOpenOption.APPEND);
    }

    private String program(String name) {
        return binaries.resolve(name).toString();
    }

    private String configuration() {
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }
}
