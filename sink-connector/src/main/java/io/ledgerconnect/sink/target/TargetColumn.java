package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.type.PgType;

/**
 * A column of a reporting table.
 *
 * @param baseTypeSql its type for a definition; a domain's base type, so that staging does not apply its constraints
 * @param castSql its type without a length or precision: an explicit cast to one with it would cut off what is too long
 * @param filledByServer whether a row may leave it out: it is nullable, has a default, or is an identity
 * @param generation whether the server makes its values and no row may bring one
 */
public record TargetColumn(
        String name,
        PgType type,
        int typeModifier,
        String baseTypeSql,
        String castSql,
        boolean filledByServer,
        Generation generation) {
    public boolean isGenerated() {
        return generation != Generation.NONE;
    }
}
