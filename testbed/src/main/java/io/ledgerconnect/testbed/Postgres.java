package io.ledgerconnect.testbed;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** A PostgreSQL server that asks for a password (SCRAM) on a loopback port and has logical decoding switched on. */
public interface Postgres extends Server {

    String host();

    int port();

    /** The superuser. */
    String user();

    String password();

    /**
     * Stops the server in good order, lays the given settings over those it has, and starts it. Also starts a server
     * that is not running.
     */
    void restart(Map<String, String> settings);

    default String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    /** A new connection as superuser, in auto-commit mode; the caller closes it. */
    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user(), password());
    }

    /** Creates an empty database. */
    default void createDatabase(String database) throws SQLException {
        execute("postgres", "CREATE DATABASE \"" + database.replace("\"", "\"\"") + "\"");
    }

    /** Runs one or more statements as superuser. */
    default void execute(String database, String sql) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
