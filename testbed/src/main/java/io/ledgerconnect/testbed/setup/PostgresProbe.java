package io.ledgerconnect.testbed.setup;

import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.TestbedException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Tells whether a server that was started takes connections yet. */
public final class PostgresProbe {

    private static final int TIMEOUT_SECONDS = 5;

    private PostgresProbe() {}

    /**
     * Whether its superuser can log in.
     *
     * @throws TestbedException when the server is up but refuses
     */
    public static boolean isReady(Postgres server) {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("loginTimeout", Integer.toString(TIMEOUT_SECONDS));
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"), properties)) {
            return connection.isValid(TIMEOUT_SECONDS);
        } catch (SQLException failed) {
            if (isStarting(failed)) {
                return false;
            }
            throw new TestbedException(server.name() + " is up but refuses its superuser", failed);
        }
    }

    /** It does not listen yet, does not answer yet, or says that it is not ready yet. */
    private static boolean isStarting(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.equals("57P03");
    }
}
