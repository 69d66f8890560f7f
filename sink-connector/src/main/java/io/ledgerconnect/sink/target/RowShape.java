package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.sink.read.Change;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where in a record's value its row is: in an envelope, or the value itself when a transform took the envelope away.
 *
 * @param row the row's schema, or null when the value has none
 * @param after the envelope's field, or null without an envelope
 */
record RowShape(Schema row, Field after, Field before) {
    private static final RowShape NOTHING = new RowShape(null, null, null);

    static RowShape of(Schema value) {
        if (value == null) {
            return NOTHING;
        }
        if (value.type() != Schema.Type.STRUCT) {
            throw new ConnectException("A record's value is a " + value.type()
                    + ", not a struct: a transform of this connector replaced the row; take it out");
        }
        boolean envelope = value.name() != null && value.name().endsWith(EnvelopeFields.SCHEMA_SUFFIX);
        return envelope
                ? new RowShape(
                        value.field(EnvelopeFields.AFTER).schema(),
                        value.field(EnvelopeFields.AFTER),
                        value.field(EnvelopeFields.BEFORE))
                : new RowShape(value, null, null);
    }

    /** The row that the change is about, or null when the record has only its key. */
    Struct rowOf(Change change) {
        Struct value = (Struct) change.record().value();
        if (value == null || after == null) {
            return value;
        }
        Field field = change.operation() == Operation.DELETE ? before : after;
        return field == null ? null : (Struct) value.get(field);
    }

    /** The row before an update, or null when the record does not say. */
    Struct rowBefore(Change update) {
        Struct value = (Struct) update.record().value();
        return before == null || value == null ? null : (Struct) value.get(before);
    }
}
