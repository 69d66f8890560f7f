package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.common.type.UnwritableValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A column that is written: where its value is in a record, and how it goes to the server.
 *
 * @param fromKey whether the value is read from the record's key, else from its row
 */
public record PlannedColumn(TargetColumn target, TypeCodec codec, Field field, boolean fromKey, boolean hasDefault) {
    static PlannedColumn of(TargetColumn target, TypeCodec codec, Field field, boolean fromKey) {
        return new PlannedColumn(target, codec, field, fromKey, field.schema().defaultValue() != null);
    }

    public String name() {
        return target.name();
    }

    /** Its type where it is staged: text where the server makes the value of a text. */
    public String stagedTypeSql() {
        if (!codec.writesText()) {
            return target.baseTypeSql();
        }
        return field.schema().type() == Schema.Type.ARRAY ? "text[]" : "text";
    }

    /** Whether a stage is needed: the table itself takes no text for it. */
    public boolean needsStage() {
        return codec.writesText();
    }

    /** An expression for its value, of one for its value in the stage. */
    public String fromStage(String staged) {
        return codec.writesText() ? staged + "::" + target.castSql() : staged;
    }

    Object valueIn(Struct key, Struct row) {
        Struct struct = fromKey ? key : row;
        if (struct == null) {
            return null;
        }
        // get() puts a field's default in the place of null; null in the ledger is null in the reporting store.
        return hasDefault ? struct.getWithoutDefault(field.name()) : struct.get(field);
    }

    /** Appends the field: its length and its binary form. */
    public void write(Object value, BinaryWriter out) {
        if (value == null) {
            out.putNullField();
            return;
        }
        int begin = out.beginField();
        try {
            codec.write(value, out);
        } catch (UnwritableValueException e) {
            throw new RefusedException("column " + name() + ": " + e.getMessage(), null, e);
        } catch (ClassCastException | ArithmeticException e) {
            throw new RefusedException(
                    "column " + name() + ": the value is a "
                            + value.getClass().getSimpleName() + " that does not fit "
                            + target.baseTypeSql(),
                    null,
                    e);
        }
        out.endField(begin);
    }

    /** Appends the field in a form that is the same for all values that the server holds equal. */
    void writeComparable(Object value, BinaryWriter out) {
        if (value == null) {
            throw new RefusedException("key column " + name() + " is null", null, null);
        }
        write(
                switch (target.type().name()) {
                    case "numeric" -> withoutTrailingZeros(value);
                    case "bpchar" -> value.toString().stripTrailing();
                    default -> value;
                },
                out);
    }

    private static Object withoutTrailingZeros(Object value) {
        if (value instanceof BigDecimal number) {
            return number.stripTrailingZeros();
        }
        if (value instanceof Struct variableScale) {
            return new BigDecimal(new BigInteger(variableScale.getBytes("value")), variableScale.getInt32("scale"))
                    .stripTrailingZeros();
        }
        return value;
    }
}
