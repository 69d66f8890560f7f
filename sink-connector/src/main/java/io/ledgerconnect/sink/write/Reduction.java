package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reduces changes to the last state of every row, sorted by key. */
final class Reduction {
    private final Map<ByteKey, RowState> rows;

    private Reduction(int changes) {
        this.rows = new HashMap<>(changes * 2);
    }

    static List<RowState> reduce(TablePlan plan, List<Change> changes) {
        RowStates states = new RowStates(plan);
        Reduction reduction = new Reduction(changes.size());
        changes.forEach(change -> states.read(change, reduction::put));
        return reduction.rows.values().stream()
                .sorted(Comparator.comparing(RowState::key))
                .toList();
    }

    /** Changes of one key come in any order where another column than the record's key tells rows apart. */
    private void put(RowState state) {
        rows.merge(state.key(), state, (held, added) -> added.isBefore(held) ? held.after(added) : added.after(held));
    }
}
