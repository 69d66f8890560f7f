package io.ledgerconnect.common.type;

import java.sql.SQLException;

/** A type that a value is made of could not be found; the cause says why. */
public final class TypeLookupException extends RuntimeException {
    public TypeLookupException(SQLException cause) {
        super(cause);
    }

    /** Whether the database has no such type, so that asking again does not help. */
    public boolean isDropped() {
        return "42704".equals(getCause().getSQLState());
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
