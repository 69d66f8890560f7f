package io.ledgerconnect.testbed.ledger;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads one side of an audit as of one moment: all its reads are of one snapshot. Values are compared by their text,
 * which is the same on two servers once their settings for it are.
 */
final class TableReader implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 10_000;
    private static final String COLUMNS =
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped"
                    + " ORDER BY attnum";
    private static final List<String> CANONICAL_TEXT = List.of(
            "TimeZone = 'UTC'",
            "DateStyle = 'ISO, YMD'",
            "IntervalStyle = 'postgres'",
            "bytea_output = 'hex'",
            "extra_float_digits = 1");

    private final Connection connection;

    TableReader(Database database) throws SQLException {
        connection = database.connect();
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            for (String setting : CANONICAL_TEXT) {
                statement.execute("SET LOCAL " + setting);
            }
        }
    }

    Connection connection() {
        return connection;
    }

    /** The columns of a table in their order; empty when there is no such table. */
    List<String> columns(String table) throws SQLException {
        try (var query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, table);
            try (ResultSet rows = query.executeQuery()) {
                List<String> columns = new ArrayList<>();
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
                return columns;
            }
        }
    }

    TableState state(Extract extract) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(extract.digest())) {
            row.next();
            long rows = row.getLong(1);
            BigInteger digest = row.getBigDecimal(2).toBigIntegerExact();
            return new TableState(rows, digest, sums(extract));
        }
    }

    private Map<String, String> sums(Extract extract) throws SQLException {
        Map<String, String> sums = new TreeMap<>();
        if (extract.sum().isPresent()) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery(extract.sums(extract.sum().get()))) {
                while (rows.next()) {
                    sums.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return sums;
    }

    /** The rows' keys and hashes in the order of the keys; the caller closes the statement. */
    ResultSet hashes(Statement statement, Extract extract) throws SQLException {
        statement.setFetchSize(ROWS_AT_ONCE);
        return statement.executeQuery(extract.hashes());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
