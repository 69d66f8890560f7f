package io.ledgerconnect.testbed.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Where a ledger is.
 *
 * @param source the server's system identifier and the database, as the reporting store names the ledger
 * @param lsn WAL address behind every transaction that has been reported as committed
 */
public record LedgerPosition(String source, String lsn) {
    private static final String QUERY =
            "SELECT system_identifier || '/' || current_database(), pg_current_wal_lsn()::text FROM pg_control_system()";

    /** Reads it. */
    public static LedgerPosition read(Connection ledger) throws SQLException {
        try (var statement = ledger.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            return new LedgerPosition(row.getString(1), row.getString(2));
        }
    }

    /** Whether {@code other}, a WAL address or null, is at this position or after it. */
    public boolean isReachedBy(String other) {
        return other != null && Long.compareUnsigned(number(other), number(lsn)) >= 0;
    }

    private static long number(String lsn) {
        int slash = lsn.indexOf('/');
        return (Long.parseLong(lsn.substring(0, slash), 16) << 32) | Long.parseLong(lsn.substring(slash + 1), 16);
    }
}
