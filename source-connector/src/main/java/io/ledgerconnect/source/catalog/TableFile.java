package io.ledgerconnect.source.catalog;

import io.ledgerconnect.source.decode.Relation;

/**
 * What holds rows of a captured table: the table itself, or a leaf of a partitioned one.
 *
 * @param fileNode number of the file; another one after TRUNCATE, and whenever the rows were written anew
 * @param pages size in blocks
 * @param readable whether the role may read all of it under its own name
 */
public record TableFile(int oid, String schema, String name, long fileNode, long pages, boolean readable) {
    /** Of a partitioned table that is read through its root: rows have no places of which anything is known. */
    static TableFile ofRoot(Relation root, long pages) {
        return new TableFile(root.oid(), root.schema(), root.table(), 0, pages, true);
    }

    /** Whether a row that is not changed stays at its place, and can be asked for by it. */
    public boolean hasPlaces() {
        return fileNode != 0;
    }
}
