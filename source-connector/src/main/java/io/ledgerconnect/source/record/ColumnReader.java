package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.common.type.TypeLookupException;
import io.ledgerconnect.source.decode.Tuple;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Reads one column of the tuples of one relation.
 *
 * @param column its place in the tuples
 * @param name {@code schema.table.column}, for messages
 * @param schema the schema of the column in the value, optional unless the column is of the key
 * @param sentAsText whether the server has no binary form of the type and sends its text
 * @param unavailable stands for a value that the server did not send
 */
record ColumnReader(int column, String name, TypeCodec codec, Schema schema, boolean sentAsText, Object unavailable) {
    static ColumnReader of(int column, String name, TypeCodec codec, Schema schema, boolean sentAsText) {
        return new ColumnReader(column, name, codec.of(schema), schema, sentAsText, unavailable(schema));
    }

    private static Object unavailable(Schema schema) {
        return switch (schema.type()) {
            case STRING -> EnvelopeFields.UNAVAILABLE;
            case BYTES -> schema.name() == null ? EnvelopeFields.UNAVAILABLE.getBytes(StandardCharsets.UTF_8) : null;
            default -> null;
        };
    }

    /** Whether what is sent is not what the ledger has. */
    boolean hides() {
        return codec instanceof HiddenText;
    }

    /** The column's value; {@code wholeOldRow}, which may be null, has the values that an update left unchanged. */
    Object read(Tuple row, Tuple wholeOldRow) {
        byte kind = row.kind(column);
        if (kind == Tuple.BINARY || (kind == Tuple.TEXT && sentAsText)) {
            return decode(row);
        }
        if (kind == Tuple.NULL) {
            return null;
        }
        if (kind == Tuple.UNCHANGED_TOAST) {
            return isKnown(wholeOldRow) ? read(wholeOldRow, null) : unavailable;
        }
        throw new ConnectException("Column " + name
                + " arrived as text although binary was asked for. Leave it out with" + " column.exclude.list");
    }

    boolean isAbsent(Tuple row, Tuple wholeOldRow) {
        return row.kind(column) == Tuple.UNCHANGED_TOAST && !isKnown(wholeOldRow);
    }

    private boolean isKnown(Tuple wholeOldRow) {
        return wholeOldRow != null && wholeOldRow.kind(column) != Tuple.UNCHANGED_TOAST;
    }

    private Object decode(Tuple row) {
        try {
            return codec.read(row.at(column), row.length(column));
        } catch (TypeLookupException e) {
            if (e.isDropped()) {
                throw new ConnectException(DroppedType.sentence("The type of a field of column", name), e);
            }
            throw new UnresolvedRelationException("Column " + name, e.getCause());
        } catch (RuntimeException e) {
            // The cause names no values either: codecs do not.
            throw new ConnectException("Column " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
