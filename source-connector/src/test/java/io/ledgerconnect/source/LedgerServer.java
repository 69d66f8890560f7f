package io.ledgerconnect.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ledgerconnect.common.position.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

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

    /** Leaves a test out on servers that lack what it is about. */
    static void requireVersion(int major) throws SQLException {
        assumeTrue(Integer.parseInt(ask("postgres", "SHOW server_version_num")) >= major * 10_000);
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

    /** The process that streams from a slot named as the database, once there is one. */
    static String walsender(String database) {
        String query = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + database + "'";
        return Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> ask(database, query), Objects::nonNull);
    }

    /** How many connections of a connector the server has, once those that were closed are gone. */
    static long connections(Map<String, String> settings) {
        String count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ledger-connect "
                + settings.get("name") + "' AND datname = '" + settings.get("database.dbname") + "'";
        return Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> Long.parseLong(ask("postgres", count)), connections -> connections == 0);
    }

    static Map<String, String> settings(String database) {
        return SERVER.settings(database);
    }
}
