package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Struct;

/** Reads what becomes of a table's rows by a change. Not thread-safe. */
final class RowStates {
    private static final int TYPICAL_KEY_BYTES = 64;

    private final TablePlan plan;
    private final BinaryWriter keyBytes = new BinaryWriter(TYPICAL_KEY_BYTES);

    RowStates(TablePlan plan) {
        this.plan = plan;
    }

    /** Hands over what the change makes of its row, after what it makes of the row of a key that it gave up. */
    void read(Change change, Consumer<RowState> consumer) {
        Struct row = plan.rowOf(change);
        plan.requireKey(change, row);
        ByteKey key = key(change, row);
        if (plan.mayChangeKey(change)) {
            Struct before = plan.rowBefore(change);
            ByteKey former = key(change, before);
            if (!former.equals(key)) {
                consumer.accept(RowState.gone(plan, change, former, before));
            }
        }
        consumer.accept(RowState.of(plan, change, key, row));
    }

    private ByteKey key(Change change, Struct row) {
        keyBytes.clear();
        plan.writeKey(change, row, keyBytes);
        return new ByteKey(Arrays.copyOf(keyBytes.array(), keyBytes.size()));
    }
}
