package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A reporting store, as far as a command asks about it.
 *
 * @param pipeline the only pipeline that is meant; empty for all
 * @param connector the sink connector's configuration, where it is known
 */
public record Store(DatabaseAddress address, Optional<String> pipeline, Optional<ConnectorSettings> connector) {
    private static final int KNOWN_VERSION = 1;
    private static final String NOT_THERE = "42P01";
    private static final String VERSION = "SELECT max(version) FROM ledger_connect.version";

    /** Logs in, and makes sure that a sink of a version known here has written there. */
    public Connection connect() {
        try {
            Connection connection = address.connect();
            requireKnown(connection);
            return connection;
        } catch (SQLException e) {
            throw address.unreachable(e);
        }
    }

    private void requireKnown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(VERSION)) {
            row.next();
            if (row.getInt(1) != KNOWN_VERSION) {
                throw new CommandException("The schema ledger_connect of " + address + " is of version " + row.getInt(1)
                        + ", this command knows version " + KNOWN_VERSION + ": use the command of the sink's release.");
            }
        } catch (SQLException e) {
            if (NOT_THERE.equals(e.getSQLState()) || "3F000".equals(e.getSQLState())) {
                throw new CommandException(
                        "The database " + address.url()
                                + " has no schema ledger_connect: no sink has written there yet,"
                                + " or the reporting store is another one.",
                        e);
            }
            throw e;
        }
    }
}
