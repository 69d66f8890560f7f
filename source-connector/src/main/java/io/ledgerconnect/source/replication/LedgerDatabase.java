package io.ledgerconnect.source.replication;

import io.ledgerconnect.source.config.ConnectionSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to the ledger, and breaks them off when the capture stops. Thread-safe. */
public final class LedgerDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerDatabase.class);

    /** Longer than a healthy server needs, shorter than the REST API's time limit for a validation. */
    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    /** What is no PostgreSQL server may take a connection and say nothing. */
    private static final int LOGIN_TIMEOUT_SECONDS = 20;

    /** Connect waits for a task's end for 5 s by default. */
    private static final int CANCEL_TIMEOUT_SECONDS = 2;

    /** The server cuts longer ones off, and then no longer shows what was set. */
    private static final int LONGEST_NAME = 63;

    /**
     * A role's or a database's limits would end what takes as long as it takes: a snapshot, a slot's creation, an idle
     * stream. Those that a server does not know are not among its settings: transaction_timeout is of version 17.
     */
    private static final String WITHOUT_TIME_LIMITS =
            "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout',"
                    + " 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')";

    /**
     * What every statement and value relies on, whatever the role or the database has set, and from the first moment
     * on: the driver takes a session whose transactions are read-only for one on a standby. A key is written as a
     * literal in which a backslash is one, an array's NULL is null, and an amount of money has two decimals after a
     * point; what a policy hides from a query is an error, and no missing row; the names of types are in quotes only
     * where they have to be.
     */
    private static final String SESSION = "-c default_transaction_read_only=off -c standard_conforming_strings=on"
            + " -c array_nulls=on -c lc_monetary=C -c row_security=off -c quote_all_identifiers=off";

    private final ConnectionSettings settings;
    private final String applicationName;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    public LedgerDatabase(ConnectionSettings settings, String topicPrefix) {
        this.settings = settings;
        this.applicationName = applicationName(topicPrefix);
    }

    /** What {@code pg_stat_activity} and {@code pg_stat_replication} show of this capture. */
    public static String applicationName(String topicPrefix) {
        String name = "ledger-connect " + topicPrefix;
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    public String applicationName() {
        return applicationName;
    }

    /** A connection for queries, in autocommit. */
    public Connection connect() throws SQLException {
        return open(properties());
    }

    /** A connection in replication mode, which takes replication commands and simple queries. */
    public Connection connectForReplication() throws SQLException {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return open(properties);
    }

    private Connection open(Properties properties) throws SQLException {
        for (Connection old : List.copyOf(open)) {
            if (old.isClosed()) {
                open.remove(old);
            }
        }
        Connection connection = DriverManager.getConnection(settings.url(), properties);
        open.add(connection);
        liftTimeLimits(connection);
        return connection;
    }

    private static void liftTimeLimits(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(WITHOUT_TIME_LIMITS);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Cancels what the server does for any connection, and breaks the connection off: whoever waits there gets an
     * {@link SQLException}.
     */
    public void breakOff() {
        for (Connection connection : open) {
            try {
                // The server itself looks at a broken connection only when it has something to say.
                connection.unwrap(PGConnection.class).cancelQuery();
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("A connection was gone already", e);
            }
        }
        open.clear();
    }

    private Properties properties() {
        Properties properties = settings.driverProperties();
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.OPTIONS.set(properties, SESSION);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.LOGIN_TIMEOUT.set(properties, LOGIN_TIMEOUT_SECONDS);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, CANCEL_TIMEOUT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }

    @Override
    public String toString() {
        return settings.describe();
    }
}
