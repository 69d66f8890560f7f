package io.ledgerconnect.common.type.text;

import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.TypeLookupException;
import io.ledgerconnect.common.type.TypesByOid;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The forms of the fields of one row type, by the OIDs of their types. A row from before or after an ALTER TYPE has
 * fields of other types, which are looked up when they first come. Thread-safe.
 */
final class FieldForms {
    private final Map<Integer, TextForm> known;
    private final TypesByOid types;

    /** @param known of the fields that the type has now */
    FieldForms(Map<Integer, TextForm> known, TypesByOid types) {
        this.known = new ConcurrentHashMap<>(known);
        this.types = types;
    }

    /** @throws TypeLookupException when the type is gone, or the database does not answer */
    TextForm of(int oid) {
        TextForm form = known.get(oid);
        if (form == null) {
            form = find(oid);
            known.put(oid, form);
        }
        return form;
    }

    private TextForm find(int oid) {
        try {
            PgType type = types.type(oid);
            return TextForms.find(type)
                    .orElseThrow(() -> new IllegalArgumentException("a field of it is of type " + type.name()
                            + ", which this version cannot capture: leave the column out with column.exclude.list"));
        } catch (SQLException e) {
            throw new TypeLookupException(e);
        }
    }
}
