package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;

/** Positions of two ledgers cannot be compared, and only this pipeline corrects rows when it writes a dimension. */
final class SameLedger {
    private static final String OTHER = """
            SELECT d.pipeline, d.channel, d.source
            FROM ledger_connect.target f, ledger_connect.target d
            WHERE f.target = ? AND d.target = ? AND (d.pipeline, d.source) <> (f.pipeline, f.source)""";

    private SameLedger() {}

    /** @throws ConnectException when a dimension that is joined by position is of another ledger or pipeline */
    static void require(Transaction transaction, EnrichedTable table, EnrichmentSql sql) throws SQLException {
        for (Dimension dimension : sql.dimensions()) {
            if (dimension.settings().asOf() instanceof AsOf.Position || dimension.isRepaired()) {
                require(transaction, table, dimension);
            }
        }
    }

    private static void require(Transaction transaction, EnrichedTable table, Dimension dimension) throws SQLException {
        try (PreparedStatement query = transaction.prepare(OTHER)) {
            query.setString(1, table.name().sql());
            query.setString(2, dimension.table().name().sql());
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    throw new ConnectException("The dimension table "
                            + dimension.table().name()
                            + " was filled by pipeline " + row.getString(1) + " from " + row.getString(2)
                            + " of ledger " + row.getString(3) + ", so its positions say nothing about rows of "
                            + table.name() + ", and nobody corrects them when it changes. Nothing of this batch is"
                            + " written. Set "
                            + EnrichSettings.asOf(table.settingsName(), dimension.settings()) + "=current");
                }
            }
        }
    }
}
