package io.ledgerconnect.source.record;

import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.request.RequestedSnapshots;
import io.ledgerconnect.source.request.SnapshotSignals;
import java.util.Optional;

/** What a reader of transactions does for snapshots that are asked for meanwhile. Used by one thread only. */
final class RequestedReads {
    private final RequestedSnapshots requested;
    private final Optional<SnapshotSignals> signals;
    private final Relations relations;
    private final StreamState state;

    /** Takes rows that were read. */
    interface Reads {
        void read(TableMapping.Rows rows, Tuple row);

        /** Takes the key of a row that was asked for and is not there; other columns are null. */
        void gone(TableMapping.Rows rows, Tuple key);
    }

    RequestedReads(SourceConfig config, StreamState state, Relations relations) {
        this.requested = new RequestedSnapshots(
                config, state.identity(), state.checkpoint().snapshot().requests());
        this.signals = config.signalTable().map(table -> new SnapshotSignals(table, requested));
        this.relations = relations;
        this.state = state;
    }

    RequestedSnapshots requested() {
        return requested;
    }

    /** Whether a message belongs to such a snapshot; then its rows are handed over, as changes of the transaction. */
    boolean take(LogicalMessage message, Transaction transaction, Reads reads) {
        if (transaction == null || !requested.isOwn(message)) {
            return false;
        }
        requested.take(message, transaction.committedAtMicros()).ifPresent(piece -> handOver(piece, reads));
        state.setRequests(requested.requests());
        return true;
    }

    private void handOver(RequestedSnapshots.Piece piece, Reads reads) {
        TableMapping.Rows rows = relations.rows(piece.rows().relation());
        if (rows != null) {
            piece.rows().forEach(row -> {
                if (piece.has(rows.identity(row, null))) {
                    reads.read(rows, row);
                }
            });
            piece.rows().forEachGone(key -> {
                if (piece.has(rows.identity(key, null))) {
                    reads.gone(rows, key);
                }
            });
        }
    }

    /** Notes an insert, which may be a signal. */
    void inserted(TableMapping.Rows rows, Tuple row) {
        if (signals.isPresent() && signals.get().isTable(rows.mapping().table)) {
            signals.get().take(rows.value(row, null, false));
            state.setRequests(requested.requests());
        }
    }

    /** Notes a change of a row while rows of its table are read. */
    void changed(TableMapping.Rows rows, Tuple keyRow, Tuple oldRow) {
        if (requested.isReading() && requested.watches(rows.mapping().table)) {
            requested.changed(rows.mapping().table, rows.identity(keyRow, oldRow));
        }
    }

    /** Until a table's rows were read, changes may be the first that is sent of them. */
    boolean concern(TableMapping.Rows rows) {
        return requested.requests().concern(rows.mapping().table);
    }
}
