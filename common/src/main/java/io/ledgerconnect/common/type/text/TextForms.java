package io.ledgerconnect.common.type.text;

import io.ledgerconnect.common.type.PgType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the text form of a type. A type is added here and nowhere else. */
public final class TextForms {
    private TextForms() {}

    /** The form of a type; empty when the type, or one that it is made of, is not known. */
    public static Optional<TextForm> find(PgType type) {
        if (!type.hasBinary()) {
            return Optional.of(PlainForms.TEXT); // the server sends text where it has nothing else
        }
        if (type.isArray()) {
            char delimiter = type.element().name().equals("box") ? ';' : ',';
            return find(type.element()).map(element -> new NestedForms.Array(element, delimiter));
        }
        return switch (type.kind()) {
            case 'd' -> find(type.base());
            case 'e' -> Optional.of(PlainForms.TEXT);
            case 'r' -> find(type.parts().get(0)).map(NestedForms.Range::new);
            case 'm' -> find(type.parts().get(0)).map(NestedForms.Multirange::new);
            case 'c' -> row(type);
            case 'b' -> Optional.ofNullable(base(type.name()));
            default -> Optional.empty();
        };
    }

    private static Optional<TextForm> row(PgType type) {
        Map<Integer, TextForm> fields = new HashMap<>();
        for (PgType field : type.parts()) {
            Optional<TextForm> form = find(field);
            if (form.isEmpty()) {
                return Optional.empty();
            }
            fields.put(field.oid(), form.get());
        }
        return Optional.of(new NestedForms.Row(new FieldForms(fields, type.others())));
    }

    private static TextForm base(String name) {
        return switch (name) {
            case "text", "varchar", "bpchar", "name", "citext", "json", "xml", "refcursor", "unknown", "cstring" ->
                PlainForms.TEXT;
            case "jsonb", "jsonpath", "ltree", "lquery", "ltxtquery" -> PlainForms.VERSIONED_TEXT;
            case "bool" -> PlainForms.BOOL;
            case "char" -> PlainForms.CHAR;
            case "int2", "int4", "int8" -> PlainForms.INTEGER;
            case "oid", "xid", "cid", "xid8" -> PlainForms.UNSIGNED;
            case "numeric" -> NumericForm.NUMERIC;
            case "money" -> PlainForms.MONEY;
            case "float4" -> PlainForms.FLOAT4;
            case "float8" -> PlainForms.FLOAT8;
            case "uuid" -> PlainForms.UUID_TEXT;
            case "bytea" -> PlainForms.BYTEA;
            case "bit", "varbit" -> PlainForms.BITS;
            case "pg_lsn" -> PlainForms.LSN;
            case "tid" -> PlainForms.TUPLE_ID;
            case "pg_snapshot", "txid_snapshot" -> PlainForms.SNAPSHOT;
            case "date" -> ClockForms.DATE;
            case "time" -> ClockForms.TIME;
            case "timetz" -> ClockForms.TIMETZ;
            case "timestamp" -> ClockForms.TIMESTAMP;
            case "timestamptz" -> ClockForms.TIMESTAMPTZ;
            case "interval" -> ClockForms.INTERVAL;
            case "inet", "cidr" -> NetworkForms.INET;
            case "macaddr", "macaddr8" -> NetworkForms.MAC;
            case "point" -> GeometryForms.POINT;
            case "lseg" -> GeometryForms.SEGMENT;
            case "box" -> GeometryForms.BOX;
            case "line" -> GeometryForms.LINE;
            case "path" -> GeometryForms.PATH;
            case "polygon" -> GeometryForms.POLYGON;
            case "circle" -> GeometryForms.CIRCLE;
            case "tsvector" -> SearchForms.VECTOR;
            case "tsquery" -> SearchForms.QUERY;
            default -> null;
        };
    }
}
