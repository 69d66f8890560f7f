package io.ledgerconnect.source;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** One real PostgreSQL for all tests of this module; each test has a database of its own. */
final class LedgerServer {
    private static final EmbeddedPostgres SERVER = start();
    private static int databases;

    private LedgerServer() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_replication_slots", "30")
                    .setServerConfig("max_wal_senders", "30")
                    .setServerConfig("fsync", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static synchronized String newDatabase() throws SQLException {
        String name = "ledger" + ++databases;
        execute("postgres", "CREATE DATABASE " + name);
        return name;
    }

    static Connection connect(String database) throws SQLException {
        return SERVER.getDatabase("postgres", database).getConnection();
    }

    static void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Settings of a connector that captures a test's database. */
    static Map<String, String> settings(String database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("name", "test");
        settings.put("connector.class", LedgerSourceConnector.class.getName());
        settings.put("database.hostname", "localhost");
        settings.put("database.port", Integer.toString(SERVER.getPort()));
        settings.put("database.user", "postgres");
        settings.put("database.password", "postgres");
        settings.put("database.dbname", database);
        settings.put("topic.prefix", "t");
        settings.put("slot.name", database);
        return settings;
    }
}
