package io.ledgerconnect.common.type;

import java.util.List;

/**
 * A type of a database, from {@code pg_type}.
 *
 * @param kind {@code typtype}: b(ase), c(omposite), d(omain), e(num), p(seudo), r(ange), m(ultirange)
 * @param hasBinary whether the server has a binary form of it
 * @param element of an array, else null
 * @param base of a domain, else null
 * @param baseModifier {@code typtypmod} of a domain, else -1
 * @param enumLabels of an enum, in order, else empty
 * @param parts of a composite type its attributes' types, of a range its bounds' one, of a multirange its range, else
 *     empty
 * @param others finds further types of the database: a composite's values may have had other attributes before it was
 *     altered, or have others since
 */
public record PgType(
        int oid,
        String name,
        char kind,
        boolean hasBinary,
        PgType element,
        PgType base,
        int baseModifier,
        List<String> enumLabels,
        List<PgType> parts,
        TypesByOid others) {

    public static PgType base(int oid, String name) {
        return of(oid, name, 'b');
    }

    /** A type of this kind that is made of nothing else. */
    public static PgType of(int oid, String name, char kind) {
        return new PgType(oid, name, kind, true, null, null, -1, List.of(), List.of(), TypesByOid.NONE);
    }

    public boolean isArray() {
        return element != null;
    }
}
