package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.connection.SqlText;
import java.util.Set;

/**
 * A column on one side.
 *
 * @param type as the server declares it, such as {@code character(4)}
 * @param base the name of the type, of a domain that of what it is made of
 * @param generated whether the server makes its values
 */
record Column(String name, String type, String base, boolean generated) {
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");
    private static final Set<String> JSON = Set.of("json", "jsonb");
    /** Types whose order is the same on every server. */
    private static final Set<String> ORDERED = Set.of(
            "int2",
            "int4",
            "int8",
            "numeric",
            "uuid",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "bytea",
            "bool",
            "oid",
            "pg_lsn");

    String sql() {
        return "t." + SqlText.quote(name);
    }

    /** Its value as a text that is equal on both sides where the values are, under the settings of {@link Side}. */
    String canonical(Column other) {
        if (base.equals("numeric") || (INTEGERS.contains(base) && other.base.equals("numeric"))) {
            return "trim_scale(" + sql() + "::numeric)::text";
        }
        if (base.equals(other.base)) {
            return sql() + "::text";
        }
        if (JSON.contains(base) && JSON.contains(other.base)) {
            return sql() + "::jsonb::text";
        }
        if (base.equals("hstore") || other.base.equals("hstore")) {
            return sql() + "::json::jsonb::text";
        }
        return base.equals("bpchar") || other.base.equals("bpchar") ? "rtrim(" + sql() + "::text)" : sql() + "::text";
    }

    /** Whether both sides sort it alike by itself; else it is sorted by its text. */
    boolean isOrderedLike(Column other) {
        return ORDERED.contains(base) && base.equals(other.base);
    }
}
