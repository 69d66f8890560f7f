package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableNameFormat;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Keeps two ledger tables from being written to one reporting table, where rows of one would take the place of rows of
 * the other. The same table of several ledgers may share one: that is how shards are brought together. Not thread-safe.
 */
final class TableOrigins {
    /** A channel that was met and not written yet has no topic. */
    private static final String APPLIED = """
            SELECT DISTINCT channel, topic FROM ledger_connect.applied WHERE pipeline = ? AND channel <> ?""";

    private final String pipeline;
    private final TableNameFormat names;
    /** The ledger table of each reporting table that this task has written. */
    private final Map<TableName, String> origins = new HashMap<>();

    TableOrigins(String pipeline, TableNameFormat names) {
        this.pipeline = pipeline;
        this.names = names;
    }

    /**
     * Asks the reporting store only where the task meets a table for the first time.
     *
     * @throws ConnectException when another ledger table is written there
     */
    void check(Transaction transaction, TableName table, String ledgerTable) throws SQLException {
        String origin = origins.get(table);
        if (origin == null) {
            origin = otherApplied(transaction, table, ledgerTable);
        }
        if (origin != null && !origin.equals(ledgerTable)) {
            throw new ConnectException("The ledger tables " + both(origin, ledgerTable)
                    + " are both written to " + table + ", where rows of one would replace rows of the other. Tell them"
                    + " apart, with table.name.format=" + table.schema() + ".${schema}_${table} or"
                    + " ${schema}.${table}, and begin a new pipeline.name; or leave one of them out of this"
                    + " connector's topics");
        }
        origins.put(table, ledgerTable);
    }

    private static String both(String one, String other) {
        return one.compareTo(other) < 0 ? one + " and " + other : other + " and " + one;
    }

    private String otherApplied(Transaction transaction, TableName table, String ledgerTable) throws SQLException {
        // Held until the transaction ends: a task that meets the other ledger table now waits, and then sees this one.
        AdvisoryLocks.schema(transaction);
        try (PreparedStatement statement = transaction.prepare(APPLIED)) {
            statement.setString(1, pipeline);
            statement.setString(2, ledgerTable);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (names.target(row.getString(1), row.getString(2)).equals(table)) {
                        return row.getString(1);
                    }
                }
            }
        }
        return null;
    }

    /** What was met in a transaction that was taken back, another task may have met since. */
    void forget() {
        origins.clear();
    }
}
