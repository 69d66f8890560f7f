package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.SinkConfig.ConnectionSettings;
import io.ledgerconnect.sink.config.SinkSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/** Connects once, and says on which setting a failure stands. */
final class StoreConnection {
    /** A person waits for the answer. */
    private static final String TIMEOUT_SECONDS = "10";

    static final Finding MISSING_ROLE = new Finding(
            SinkSettings.CONNECTION_USER,
            SinkSettings.CONNECTION_USER
                    + " is not set, and the URL names no role either: name the role that writes the reporting store");

    /** The driver's own, for what it cannot answer, as for a password that it does not have. */
    private static final String REJECTED = "08004";

    private StoreConnection() {}

    /** Without one, the driver would take the name of the worker's own account. */
    static boolean namesRole(ConnectionSettings settings) {
        boolean isSet = settings.user() != null && !settings.user().isBlank();
        return isSet || settings.url().matches(".*[?&](user|service)=.*");
    }

    static Connection open(ConnectionSettings settings) throws SQLException {
        Properties properties = new Properties();
        if (settings.user() != null) {
            properties.setProperty("user", settings.user());
        }
        if (settings.password() != null) {
            properties.setProperty("password", settings.password());
        }
        properties.setProperty("ApplicationName", "ledger-connect-sink validation");
        properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", TIMEOUT_SECONDS);
        return new Driver().connect(settings.url(), properties);
    }

    static Finding finding(ConnectionSettings settings, SQLException exception) {
        String state = String.valueOf(exception.getSQLState());
        String role = settings.user() == null ? "of " + SinkSettings.CONNECTION_URL : settings.user();
        boolean hasPassword =
                settings.password() != null && !settings.password().isEmpty();
        if (state.equals(REJECTED) && !hasPassword) {
            return new Finding(
                    SinkSettings.CONNECTION_PASSWORD,
                    "The reporting store asks for the password of role " + role + ", and "
                            + SinkSettings.CONNECTION_PASSWORD + " is not set");
        }
        return switch (state) {
            case "28P01" ->
                new Finding(
                        SinkSettings.CONNECTION_PASSWORD,
                        "The reporting store rejects the password of role " + role
                                + ": correct it here, or ALTER ROLE … PASSWORD …");
            case "28000" ->
                new Finding(
                        SinkSettings.CONNECTION_USER,
                        "The reporting store does not let role " + role
                                + " in: create the role with LOGIN, and allow it in pg_hba.conf");
            case "3D000" ->
                new Finding(
                        SinkSettings.CONNECTION_URL,
                        "The server has no database of the name in " + settings.url()
                                + ": create it, or correct the URL");
            default ->
                new Finding(
                        SinkSettings.CONNECTION_URL,
                        "The reporting store at " + settings.url() + " cannot be reached (SQLSTATE " + state + "): "
                                + exception.getMessage());
        };
    }
}
