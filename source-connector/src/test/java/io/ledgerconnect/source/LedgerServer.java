package io.ledgerconnect.source;

import io.ledgerconnect.common.position.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** One real PostgreSQL for all tests of this module; each test has a database of its own. */
final class LedgerServer {
    private static final TestServer SERVER = start();
    private static int databases;

    private LedgerServer() {}

    private static TestServer start() {
        TestServer server = TestServer.temporary(Map.of());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-ledger-server"));
        return server;
    }

    /** Earlier tests' slots go: they would hold the server's WAL, and there are only so many. */
    static synchronized String newDatabase() throws SQLException {
        String name = "ledger" + ++databases;
        execute(
                "postgres",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active",
                "CREATE DATABASE " + name);
        return name;
    }

    static TestServer server() {
        return SERVER;
    }

    static Connection connect(String database) throws SQLException {
        return SERVER.connect(database);
    }

    static void execute(String database, String... statements) throws SQLException {
        SERVER.execute(database, statements);
    }

    static String ask(String database, String query) throws SQLException {
        return SERVER.ask(database, query);
    }

    static long walEnd(String database) throws SQLException {
        return Lsn.parse(ask(database, "SELECT pg_current_wal_insert_lsn()::text"));
    }

    /** How many connections of a connector the server has, once those that were closed are gone. */
    static long connections(Map<String, String> settings) throws SQLException {
        String count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ledger-connect "
                + settings.get("topic.prefix") + "' AND datname = '" + settings.get("database.dbname") + "'";
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        long connections = Long.parseLong(ask("postgres", count));
        while (connections > 0 && System.nanoTime() < end) {
            connections = Long.parseLong(ask("postgres", count));
        }
        return connections;
    }

    static Map<String, String> settings(String database) {
        return SERVER.settings(database);
    }
}
