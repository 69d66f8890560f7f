package io.ledgerconnect.sink.state;

import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.metrics.StoreStatus;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads what {@code ledger_connect.status} says. */
public final class StatusStore {
    /** Writing must not wait for metrics. */
    private static final String SOON = "SET LOCAL statement_timeout = '3s'";

    private static final String READ = """
            SELECT (extract(epoch FROM min(complete_through_time)) * 1000000)::bigint, bool_and(complete_through_time IS NOT NULL),
                   coalesce(sum(quarantined), 0), coalesce(bool_or(gap IS NOT NULL), false)
            FROM ledger_connect.status WHERE pipeline = ?""";

    private final Database database;
    private final String pipeline;

    public StatusStore(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /** How the pipeline stands; of several ledgers, the one that is complete the least far. */
    public StoreStatus read() throws SQLException {
        try (Transaction transaction = database.begin()) {
            transaction.execute(SOON);
            try (PreparedStatement statement = transaction.prepare(READ)) {
                statement.setString(1, pipeline);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long complete = row.getBoolean(2) ? row.getLong(1) : 0;
                    return new StoreStatus(complete, row.getLong(3), row.getBoolean(4));
                }
            }
        }
    }
}
