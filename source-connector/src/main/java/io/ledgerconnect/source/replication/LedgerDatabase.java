package io.ledgerconnect.source.replication;

import io.ledgerconnect.source.config.ConnectionSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/** Opens connections to the ledger. Immutable. */
public final class LedgerDatabase {
    /** Longer than a healthy server needs, shorter than the REST API's time limit for a validation. */
    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    private final ConnectionSettings settings;
    private final String applicationName;

    public LedgerDatabase(ConnectionSettings settings, String topicPrefix) {
        this.settings = settings;
        this.applicationName = applicationName(topicPrefix);
    }

    /** What {@code pg_stat_activity} and {@code pg_stat_replication} show of this capture. */
    public static String applicationName(String topicPrefix) {
        return "ledger-connect " + topicPrefix;
    }

    public String applicationName() {
        return applicationName;
    }

    /** A connection for queries, in autocommit. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(settings.url(), properties());
    }

    /** A connection in replication mode, which takes replication commands and simple queries. */
    public Connection connectForReplication() throws SQLException {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(settings.url(), properties);
    }

    private Properties properties() {
        Properties properties = settings.driverProperties();
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }

    @Override
    public String toString() {
        return settings.describe();
    }
}
