package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;

/** Reduces changes to the last state of every row, sorted by key. */
final class Reduction {
    private static final int TYPICAL_KEY_BYTES = 64;

    private final TablePlan plan;
    private final Map<ByteKey, RowState> rows;
    private final BinaryWriter keyBytes = new BinaryWriter(TYPICAL_KEY_BYTES);

    private Reduction(TablePlan plan, int changes) {
        this.plan = plan;
        this.rows = new HashMap<>(changes * 2);
    }

    static List<RowState> reduce(TablePlan plan, List<Change> changes) {
        Reduction reduction = new Reduction(plan, changes.size());
        changes.forEach(reduction::add);
        return reduction.rows.values().stream()
                .sorted(Comparator.comparing(RowState::key))
                .toList();
    }

    private void add(Change change) {
        Struct row = plan.rowOf(change);
        plan.requireKey(change, row);
        ByteKey key = key(change, row);
        if (plan.mayChangeKey(change)) {
            Struct before = plan.rowBefore(change);
            ByteKey former = key(change, before);
            if (!former.equals(key)) {
                put(RowState.gone(plan, change, former, before));
            }
        }
        put(RowState.of(plan, change, key, row));
    }

    private ByteKey key(Change change, Struct row) {
        keyBytes.clear();
        plan.writeKey(change, row, keyBytes);
        return new ByteKey(Arrays.copyOf(keyBytes.array(), keyBytes.size()));
    }

    /** Changes of one key come in any order where another column than the record's key tells rows apart. */
    private void put(RowState state) {
        rows.merge(state.key(), state, (held, added) -> added.isBefore(held) ? held.after(added) : added.after(held));
    }
}
