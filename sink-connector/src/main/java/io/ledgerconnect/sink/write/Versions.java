package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the versions that changes begin, and the ends of those that they only end, sorted by key and position.
 *
 * <p>Invariant: what a change leaves as it was is in the version before it, which came from the same partition. So it
 * is the last one of the key from there in the batch, or in the table.
 */
final class Versions {
    private record Lane(ByteKey key, int partition) {}

    private static final Comparator<RowState> ORDER = Comparator.comparing(RowState::key)
            .thenComparing((one, other) -> one.isBefore(other) ? -1 : other.isBefore(one) ? 1 : 0);

    private final Map<Lane, RowState> last;
    private final List<RowState> states;

    private Versions(int changes) {
        this.last = new HashMap<>(changes * 2);
        this.states = new ArrayList<>(changes);
    }

    static List<RowState> of(TablePlan plan, List<Change> changes) {
        RowStates reader = new RowStates(plan);
        Versions versions = new Versions(changes.size());
        changes.forEach(change -> reader.read(change, versions::add));
        versions.states.sort(ORDER);
        return versions.states;
    }

    private void add(RowState state) {
        Lane lane = new Lane(state.key(), state.change().channel().partition());
        RowState earlier = last.get(lane);
        RowState whole = earlier == null ? state : completed(state, earlier);
        last.put(lane, whole);
        states.add(whole);
    }

    private static RowState completed(RowState state, RowState earlier) {
        if (state.isPartial() && earlier.isDelete()) {
            throw new RefusedException(HistoryWriter.UNPATCHABLE, null, null);
        }
        return state.after(earlier);
    }
}
