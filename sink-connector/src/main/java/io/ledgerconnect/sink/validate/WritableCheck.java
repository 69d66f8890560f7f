package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.SinkConfig.ConnectionSettings;
import io.ledgerconnect.sink.config.SinkSettings;
import io.ledgerconnect.sink.config.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Whether the reporting store takes writes at all. A task would wait for it to do so, in case of a failover. */
final class WritableCheck {
    private static final String SETTING = "default_transaction_read_only";
    private static final String QUERY = "SELECT pg_catalog.pg_is_in_recovery(),"
            + " pg_catalog.current_setting('transaction_read_only') = 'on',"
            + " (SELECT source FROM pg_catalog.pg_settings WHERE name = '" + SETTING + "'),"
            + " session_user, pg_catalog.current_database()";

    private WritableCheck() {}

    static Optional<Finding> finding(Connection connection, ConnectionSettings settings) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            if (row.getBoolean(1)) {
                return Optional.of(new Finding(
                        SinkSettings.CONNECTION_URL,
                        "The reporting store at " + settings
                                + " is a standby, which takes no writes: name its primary; with several hosts add"
                                + " targetServerType=primary"));
            }
            return row.getBoolean(2)
                    ? Optional.of(readOnly(
                            row.getString(3), TableName.quote(row.getString(4)), TableName.quote(row.getString(5))))
                    : Optional.empty();
        }
    }

    /** @param source where the setting comes from, as {@code pg_settings} says */
    private static Finding readOnly(String source, String role, String database) {
        String reset = " RESET " + SETTING;
        String mend = switch (source) {
            case "user" -> "ALTER ROLE " + role + reset;
            case "database user" -> "ALTER ROLE " + role + " IN DATABASE " + database + reset;
            case "database" -> "ALTER DATABASE " + database + reset;
            case "client", "session" -> "take what sets it out of the parameters of " + SinkSettings.CONNECTION_URL;
            default -> "ALTER SYSTEM SET " + SETTING + " = off; SELECT pg_reload_conf()";
        };
        return new Finding(
                List.of("user", "database user").contains(source)
                        ? SinkSettings.CONNECTION_USER
                        : SinkSettings.CONNECTION_URL,
                "Transactions in the reporting store are read-only (" + SETTING + "), so nothing can be written: "
                        + mend);
    }
}
