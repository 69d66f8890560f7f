package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableNameFormat;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How long a name may be: 63 bytes in the database's encoding, unless the server was built otherwise. It cuts off what
 * is longer without an error, and two names may become one.
 */
public final class NameLimit {
    private static final String LONGER = """
            SELECT name, pg_catalog.current_setting('max_identifier_length')
            FROM unnest(?) AS n (name)
            WHERE pg_catalog.octet_length(name) > pg_catalog.current_setting('max_identifier_length')::int""";

    /** @param limit in bytes */
    private record Longer(List<String> names, String limit) {}

    private NameLimit() {}

    /** What is wrong with the name of a reporting table, and the way out. */
    public static Optional<String> problem(Connection connection, TableName table, TableNameFormat format)
            throws SQLException {
        Longer longer = longer(connection, List.of(table.schema(), table.table()));
        return longer.names.isEmpty()
                ? Optional.empty()
                : Optional.of("The name of the reporting table " + table + " is longer than the " + longer.limit
                        + " bytes that the server keeps of a name, so rows would go to a table of another name, or to"
                        + " another table: choose a shorter table.name.format, now " + format
                        + "; or name ${topic} in it, and let a transform shorten the topic");
    }

    /** What is wrong with the name of the view beside a reporting table, and the way out. */
    static Optional<String> viewProblem(Connection connection, TableName view) throws SQLException {
        Longer longer = longer(connection, List.of(view.table()));
        return longer.names.isEmpty()
                ? Optional.empty()
                : Optional.of("The name of the view " + view + " is longer than the " + longer.limit
                        + " bytes that the server keeps of a name: choose a shorter table.name.format, or set"
                        + " complete.views=false");
    }

    /** @throws ConnectException when a column of the table cannot be named as the record's field */
    static void requireColumns(Connection connection, TableName table, Collection<String> columns) throws SQLException {
        Longer longer = longer(connection, columns);
        if (!longer.names.isEmpty()) {
            throw new ConnectException("The names of the columns " + longer.names + " for " + table
                    + " are longer than the " + longer.limit
                    + " bytes that the server keeps of a name: rename the field with a transform, or leave the column"
                    + " out in the source connector (column.exclude.list)");
        }
    }

    private static Longer longer(Connection connection, Collection<String> names) throws SQLException {
        List<String> longer = new ArrayList<>();
        String limit = null;
        try (PreparedStatement query = connection.prepareStatement(LONGER)) {
            query.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    longer.add(row.getString(1));
                    limit = row.getString(2);
                }
            }
        }
        return new Longer(longer, limit);
    }
}
