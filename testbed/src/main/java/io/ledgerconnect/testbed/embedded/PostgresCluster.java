package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.process.Preparation;
import io.ledgerconnect.testbed.setup.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A database cluster: its files, its settings and the account it belongs to.
 *
 * <p>Each is made by {@code initdb}, which takes a second. A copied template would be quicker, but all copies would
 * have one system identifier, and that is what tells one database from another.
 */
final class PostgresCluster {

    /** A port of one address only: sockets in the file system are for others. */
    private static final Map<String, String> LISTENING =
            Map.of("listen_addresses", "127.0.0.1", "unix_socket_directories", "");

    private final Path directory;
    private final Path data;
    private final Path binaries;
    private final Account account;
    private final PostgresSettings settings = new PostgresSettings();

    private PostgresCluster(Path directory, Path binaries, Account account) {
        this.directory = directory;
        this.data = directory.resolve("data");
        this.binaries = binaries;
        this.account = account;
        settings.change(LISTENING);
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
        settings.change(changed);
        try {
            Files.writeString(directory.resolve("testbed.conf"), settings.file());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<String> serverCommand() {
        return account.command(List.of(program("postgres"), "-D", data.toString()));
    }

    private void initialize() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), PostgresSettings.PASSWORD);
        List<String> initdb = new ArrayList<>(List.of(
                program("initdb"), "--pgdata=" + data, "--username=" + PostgresSettings.USER, "--pwfile=" + password));
        initdb.addAll(PostgresSettings.INITDB_ARGUMENTS);
        Preparation.run(directory, "initdb", account.command(initdb), Map.of());
        Files.delete(password);
        Files.writeString(data.resolve("postgresql.conf"), "\ninclude '../testbed.conf'\n", StandardOpenOption.APPEND);
    }

    private String program(String name) {
        return binaries.resolve(name).toString();
    }
}
