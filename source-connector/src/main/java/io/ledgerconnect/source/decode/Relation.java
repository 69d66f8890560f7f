package io.ledgerconnect.source.decode;

import java.util.List;

/**
 * A table as it was when the changes that follow were made, from a RELATION message or, for a snapshot, the catalogue.
 *
 * @param replicaIdentity {@code d}efault, {@code n}othing, {@code f}ull or {@code i}ndex
 */
public record Relation(int oid, String schema, String table, char replicaIdentity, List<Column> columns) {
    public static final char IDENTITY_DEFAULT = 'd';
    public static final char IDENTITY_FULL = 'f';

    /**
     * A column in the order of the tuples.
     *
     * @param identity whether it is part of the replica identity
     * @param typeModifier {@code atttypmod}
     */
    public record Column(boolean identity, String name, int typeOid, int typeModifier) {}

    /** {@code schema.table}. */
    public String qualifiedName() {
        return schema + '.' + table;
    }
}
