package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.PlannedColumn;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.BitSet;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;

/** What a row has become by the last of a batch's changes to it. */
final class RowState {
    private final TablePlan plan;
    private final Change change;
    private final boolean delete;
    private final ByteKey key;
    private final Struct row;
    /** Columns that neither this change nor an earlier one of the batch brings; null when there are none. */
    private final BitSet absent;
    /** Values, when some came from an earlier change or from nowhere; else null and they are read from the record. */
    private final Object[] values;

    private RowState(
            TablePlan plan, Change change, boolean delete, ByteKey key, Struct row, BitSet absent, Object[] values) {
        this.plan = plan;
        this.change = change;
        this.delete = delete;
        this.key = key;
        this.row = row;
        this.absent = absent;
        this.values = values;
    }

    static RowState of(TablePlan plan, Change change, ByteKey key, Struct row) {
        requireRow(change, row);
        boolean delete = change.operation() == Operation.DELETE;
        BitSet absent = row == null ? null : absentColumns(plan, change, row);
        if (absent == null || change.operation() == Operation.UPDATE) {
            return new RowState(plan, change, delete, key, row, absent, null);
        }
        // The row of another key had these values, and it is gone: there is nothing that could stay.
        return new RowState(plan, change, false, key, row, null, valuesWithout(absent, plan, change, row));
    }

    /** The row of a key that an update gave up. */
    static RowState gone(TablePlan plan, Change update, ByteKey key, Struct before) {
        return new RowState(plan, update, true, key, before, null, null);
    }

    private static Object[] valuesWithout(BitSet absent, TablePlan plan, Change change, Struct row) {
        Object[] values = new Object[plan.columns().size()];
        for (int i = absent.nextClearBit(0); i < values.length; i = absent.nextClearBit(i + 1)) {
            values[i] = plan.value(i, change, row);
        }
        return values;
    }

    static void requireRow(Change change, Struct row) {
        if (row == null && change.operation() != Operation.DELETE) {
            throw new RefusedException(
                    "the record has no row, though its operation is "
                            + change.operation().code(),
                    null,
                    null);
        }
    }

    private static BitSet absentColumns(TablePlan plan, Change change, Struct row) {
        Set<String> names = AbsentValues.of(change, row);
        if (names.isEmpty()) {
            return null;
        }
        BitSet absent = new BitSet();
        for (int i = plan.keyColumns().size(); i < plan.columns().size(); i++) {
            absent.set(i, names.contains(plan.columns().get(i).name()));
        }
        return absent.isEmpty() ? null : absent;
    }

    boolean isBefore(RowState other) {
        return other.change.position().isAfter(change.position());
    }

    /** This state, with what it lacks taken from the state before it as far as that has it. */
    RowState after(RowState earlier) {
        if (absent == null || earlier.isDelete()) {
            return this;
        }
        Object[] merged = new Object[plan.columns().size()];
        BitSet stillAbsent = new BitSet();
        for (int i = 0; i < merged.length; i++) {
            if (!absent.get(i)) {
                merged[i] = value(i);
            } else if (earlier.isAbsent(i)) {
                stillAbsent.set(i);
            } else {
                merged[i] = earlier.value(i);
            }
        }
        return new RowState(plan, change, false, key, row, stillAbsent.isEmpty() ? null : stillAbsent, merged);
    }

    Change change() {
        return change;
    }

    ByteKey key() {
        return key;
    }

    boolean isDelete() {
        return delete;
    }

    boolean isPartial() {
        return absent != null && !isDelete();
    }

    private boolean isAbsent(int column) {
        return absent != null && absent.get(column);
    }

    /** One bit per column, set where the table's value is to stay. */
    byte[] absentBits() {
        byte[] bits = new byte[(plan.columns().size() + 7) / 8];
        byte[] set = absent.toByteArray();
        System.arraycopy(set, 0, bits, 0, set.length);
        return bits;
    }

    /** A column's value; null for those that do not matter. */
    Object value(int column) {
        if (isAbsent(column) || (isDelete() && column >= plan.keyColumns().size())) {
            return null;
        }
        return values == null ? plan.value(column, change, row) : values[column];
    }

    PlannedColumn column(int index) {
        return plan.columns().get(index);
    }
}
