package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * A database and who logs in. Its text never has the password.
 *
 * @param title how messages name it, such as {@code reporting store}
 * @param password may be null: the driver then looks in {@code ~/.pgpass}
 */
public record DatabaseAddress(String title, String url, String user, String password) {
    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    private static final int LOGIN_TIMEOUT_SECONDS = 20;
    private static final String APPLICATION = "ledger-connect command line";

    /** Logs in; the connection is in autocommit. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, properties());
    }

    /** Logs in for replication commands and simple queries. */
    public Connection connectForReplication() throws SQLException {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(url, properties);
    }

    /** What is to be told when a login failed. */
    public CommandException unreachable(SQLException failure) {
        return new CommandException(
                "The " + title + " " + url + (user == null ? "" : " as " + user) + " cannot be asked "
                        + SqlText.describe(failure),
                failure);
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (user != null) {
            PGProperty.USER.set(properties, user);
        }
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password);
        }
        PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.LOGIN_TIMEOUT.set(properties, LOGIN_TIMEOUT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // DETAIL of an error may quote rows.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        return properties;
    }

    @Override
    public String toString() {
        return title + ' ' + url;
    }
}
