package io.ledgerconnect.source.replication;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.position.SourceId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which server, on which timeline, this is.
 *
 * @param walLsn where its WAL ended when it was asked
 */
public record ServerIdentity(SourceId source, int timeline, long walLsn) {
    /** Asks over a replication connection ({@code IDENTIFY_SYSTEM}). */
    public static ServerIdentity read(Connection replication) throws SQLException {
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new ServerIdentity(
                    new SourceId(row.getString("systemid"), row.getString("dbname")),
                    row.getInt("timeline"),
                    Lsn.parse(row.getString("xlogpos")));
        }
    }
}
