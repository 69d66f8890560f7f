package io.ledgerconnect.source.record;

import java.sql.SQLException;

/** The catalogue did not say how to read a relation or a column of it; the cause says why. */
public final class UnresolvedRelationException extends RuntimeException {
    UnresolvedRelationException(String name, SQLException cause) {
        super(name + " cannot be read: " + cause.getMessage(), cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
