package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.target.MetaColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Keeps a pipeline that has applied nothing yet from appending to a table that another one has filled: there, nothing
 * would show that each row came twice. Not thread-safe.
 */
final class ForeignRows {
    private static final String APPLIED =
            "SELECT EXISTS (SELECT FROM ledger_connect.applied WHERE pipeline = ? AND lsn > '0/0')";

    private final String pipeline;
    private final Set<TableName> checked = new HashSet<>();

    ForeignRows(String pipeline) {
        this.pipeline = pipeline;
    }

    /** @throws ConnectException when the table has rows that another pipeline wrote */
    void check(Transaction transaction, TableName table) throws SQLException {
        if (!checked.add(table)) {
            return;
        }
        String rows = "SELECT EXISTS (SELECT FROM " + table.sql() + " WHERE " + MetaColumns.LSN + " IS NOT NULL)";
        if (!ask(transaction, APPLIED, pipeline) && ask(transaction, rows)) {
            checked.remove(table);
            throw new ConnectException("Append table " + table + " has rows already, and pipeline " + pipeline
                    + " has applied nothing yet: what it appends would double them. Set pipeline.name to the name under"
                    + " which the table was filled (the connector's name unless it was set; SELECT DISTINCT pipeline FROM"
                    + " ledger_connect.applied), or empty the table");
        }
    }

    private static boolean ask(Transaction transaction, String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
