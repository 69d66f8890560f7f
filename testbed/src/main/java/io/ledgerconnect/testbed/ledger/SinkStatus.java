package io.ledgerconnect.testbed.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * What the reporting store says of one pipeline and one ledger.
 *
 * @param completeThrough WAL address through which it has everything; null before the first watermark is applied
 * @param completeThroughTime when the ledger was there; null likewise
 * @param quarantined records set aside
 * @param gap the first missing position; null where nothing is missing
 */
public record SinkStatus(String completeThrough, OffsetDateTime completeThroughTime, long quarantined, String gap) {
    private static final String QUERY = "SELECT complete_through_lsn::text, complete_through_time, quarantined, gap"
            + " FROM ledger_connect.status WHERE pipeline = ? AND source = ?";
    private static final String UNDEFINED_TABLE = "42P01";

    /** Reads it; empty before the sink's first start has made the view, and before its first record. */
    public static Optional<SinkStatus> read(Connection reporting, String pipeline, String source) throws SQLException {
        try (var query = reporting.prepareStatement(QUERY)) {
            query.setString(1, pipeline);
            query.setString(2, source);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(of(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static SinkStatus of(ResultSet row) throws SQLException {
        return new SinkStatus(
                row.getString(1), row.getObject(2, OffsetDateTime.class), row.getLong(3), row.getString(4));
    }
}
