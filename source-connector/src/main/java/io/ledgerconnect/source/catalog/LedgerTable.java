package io.ledgerconnect.source.catalog;

import io.ledgerconnect.source.decode.Relation;
import java.util.List;

/**
 * A captured table as the catalogue describes it now.
 *
 * @param relation its columns as far as the publication sends them
 * @param nullable names of the columns that may be null
 * @param generated names of generated columns that are not sent
 * @param leftOut names of other columns that are not sent: the publication has a column list
 * @param partitioned whether it is a partitioned table, whose rows are in its leaves
 */
public record LedgerTable(
        Relation relation,
        TableKeys keys,
        List<String> nullable,
        List<String> generated,
        List<String> leftOut,
        boolean partitioned) {
    public String name() {
        return relation.qualifiedName();
    }

    /** Column names in the order of the key, empty where there is none. */
    public List<String> primaryKey() {
        return keys.primary();
    }

    /** The columns of the records' key where no setting names others: a delete carries the identity only. */
    public List<String> recordKey() {
        List<String> identity = relation.columns().stream()
                .filter(Relation.Column::identity)
                .map(Relation.Column::name)
                .toList();
        boolean usesPrimary = relation.replicaIdentity() == Relation.IDENTITY_FULL
                || (!primaryKey().isEmpty() && identity.containsAll(primaryKey()));
        return usesPrimary ? primaryKey() : identity;
    }
}
