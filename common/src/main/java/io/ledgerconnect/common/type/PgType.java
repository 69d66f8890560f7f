package io.ledgerconnect.common.type;

import java.util.List;

/**
 * A type of a database, from {@code pg_type}.
 *
 * @param kind {@code typtype}: b(ase), c(omposite), d(omain), e(num), p(seudo), r(ange), m(ultirange)
 * @param element of an array, else null
 * @param base of a domain, else null
 * @param baseModifier {@code typtypmod} of a domain, else -1
 * @param enumLabels of an enum, in order, else empty
 */
public record PgType(
        int oid, String name, char kind, PgType element, PgType base, int baseModifier, List<String> enumLabels) {

    public static PgType base(int oid, String name) {
        return new PgType(oid, name, 'b', null, null, -1, List.of());
    }

    public boolean isArray() {
        return element != null;
    }
}
