package io.ledgerconnect.common.type;

import java.sql.SQLException;

/** Finds the types of one database. Thread-safe. */
@FunctionalInterface
public interface TypesByOid {
    /** Of no database. */
    TypesByOid NONE = oid -> {
        throw undefined(oid);
    };

    /**
     * The type with this OID.
     *
     * @throws SQLException when the database does not answer, or has no such type (42704)
     */
    PgType type(int oid) throws SQLException;

    /** Says that there is no such type. */
    static SQLException undefined(int oid) {
        return new SQLException("The database has no type with OID " + Integer.toUnsignedString(oid), "42704");
    }
}
