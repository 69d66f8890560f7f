package io.ledgerconnect.source;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A real PostgreSQL that can be stopped and started again on its data. */
public final class TestServer implements AutoCloseable {
    private final Path data;
    private final Map<String, String> parameters = new HashMap<>(Map.of(
            "wal_level",
            "logical",
            "synchronous_commit",
            "on",
            "max_replication_slots",
            "30",
            "max_wal_senders",
            "30",
            "fsync",
            "off"));
    private EmbeddedPostgres postgres;
    private int port;

    /** Starts a server on {@code data}, which is empty or was left by {@link #stop}. */
    TestServer(Path data, Map<String, String> parameters) {
        this.data = data;
        this.parameters.putAll(parameters);
        start();
    }

    public static TestServer temporary(Map<String, String> parameters) {
        try {
            Path directory = Files.createTempDirectory("ledger-server");
            directory.toFile().deleteOnExit();
            return new TestServer(directory.resolve("data"), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port);
            parameters.forEach(builder::setServerConfig);
            postgres = builder.start();
            port = postgres.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shuts down and keeps the data. */
    void stop() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a machine that is gone. */
    void kill() throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
        postmaster.destroyForcibly();
        postmaster.onExit().join();
    }

    /** Of the command line; they hold from the next start on. */
    Map<String, String> parameters() {
        return parameters;
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    public Connection connect(String database) throws SQLException {
        return postgres.getDatabase("postgres", database).getConnection();
    }

    void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the first row, as text; null when there is none. */
    String ask(String database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Settings of a connector that captures a test's database. */
    Map<String, String> settings(String database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("name", "test");
        settings.put("connector.class", LedgerSourceConnector.class.getName());
        settings.put("database.hostname", "localhost");
        settings.put("database.port", Integer.toString(port));
        settings.put("database.user", "postgres");
        settings.put("database.password", "postgres");
        settings.put("database.dbname", database);
        settings.put("topic.prefix", "t");
        settings.put("slot.name", database);
        return settings;
    }

    @Override
    public void close() {
        stop();
        try (var files = Files.walk(data)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
