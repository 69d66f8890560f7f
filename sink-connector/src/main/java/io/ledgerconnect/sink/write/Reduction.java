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

    private Reduction() {}

    static List<RowState> reduce(TablePlan plan, List<Change> changes) {
        Map<ByteKey, RowState> rows = new HashMap<>(changes.size() * 2);
        BinaryWriter keyBytes = new BinaryWriter(TYPICAL_KEY_BYTES);
        for (Change change : changes) {
            Struct row = plan.rowOf(change);
            keyBytes.clear();
            plan.writeKey(change, row, keyBytes);
            ByteKey key = new ByteKey(Arrays.copyOf(keyBytes.array(), keyBytes.size()));
            rows.merge(key, RowState.of(plan, change, key, row), (earlier, later) -> later.after(earlier));
        }
        return rows.values().stream()
                .sorted(Comparator.comparing(RowState::key))
                .toList();
    }
}
