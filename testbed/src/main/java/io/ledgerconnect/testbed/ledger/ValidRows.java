package io.ledgerconnect.testbed.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** The rows of a table that are valid now: of a history table the current versions, of every other table all. */
final class ValidRows {
    private static final String IS_HISTORY =
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = '_until_lsn')";

    private ValidRows() {}

    /** What stands for the table after {@code FROM}. */
    static String of(Connection connection, String table) throws SQLException {
        try (var query = connection.prepareStatement(IS_HISTORY)) {
            query.setString(1, table);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1) ? "(SELECT * FROM " + table + " WHERE _until_lsn IS NULL)" : table;
            }
        }
    }
}
