package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.TableKey;
import java.sql.SQLException;

/** What a {@link TransactionReader} asks the ledger. */
public interface Ledger {
    /**
     * Resolves a RELATION message to a mapping, or to null when the table is not captured.
     *
     * @param known the key under which rows of the table were sent, or null
     */
    TableMapping resolve(Relation relation, TableKey known) throws SQLException;

    /** The row that a COPY in binary form gives; null when it gives none. */
    Tuple find(String copyStatement) throws SQLException;
}
