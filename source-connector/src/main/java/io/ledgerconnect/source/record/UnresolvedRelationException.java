package io.ledgerconnect.source.record;

import java.sql.SQLException;

/** The catalogue did not say how to read a relation; the cause says why. */
public final class UnresolvedRelationException extends RuntimeException {
    UnresolvedRelationException(String table, SQLException cause) {
        super("Table " + table + " cannot be read: " + cause.getMessage(), cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
