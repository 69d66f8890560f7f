package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A session's temporary table that takes a batch before a statement writes it to its reporting table.
 *
 * @param name the same for the same columns for the same table, across plans and failed transactions
 */
record Stage(String name, String columns) {
    /** @param purpose tells stages of one table apart that have the same columns by chance */
    static Stage of(TableName table, String purpose, String columns) {
        String identity = purpose + table + columns;
        return new Stage(
                "ledger_connect_" + UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)), columns);
    }

    /** Makes sure that the table is there and empty. */
    void prepare(Transaction transaction) throws SQLException {
        transaction.prepareTemporaryTable(
                name,
                "CREATE TEMPORARY TABLE IF NOT EXISTS " + sql() + " (" + columns + ") ON COMMIT DELETE ROWS",
                "TRUNCATE " + sql());
    }

    String copy() {
        return "COPY " + sql() + " FROM STDIN (FORMAT binary)";
    }

    String sql() {
        return "pg_temp." + TableName.quote(name);
    }
}
