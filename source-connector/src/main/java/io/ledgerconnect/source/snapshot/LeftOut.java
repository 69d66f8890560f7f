package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.record.ChangedKeys;
import io.ledgerconnect.source.record.TableMapping;

/**
 * Tells the rows that a later look at the database sees and the snapshot does not: they were written after it, and come
 * as changes. Safe for use by any thread.
 *
 * <p>A row's writer ({@code xmin}) alone cannot tell them, since transaction numbers come around and a row that nobody
 * touched for years may show a recent one. The keys that were written since can, but for a chance of 1 in 2^64 per pair
 * of keys. Both have to agree.
 */
public final class LeftOut {
    private final Visible snapshot;
    private final Visible now;
    private final ChangedKeys changed;

    /**
     * Of what came between two states.
     *
     * @param changed the keys of at least all rows that were written between them
     */
    public LeftOut(Visible snapshot, Visible now, ChangedKeys changed) {
        this.snapshot = snapshot;
        this.now = now;
        this.changed = changed;
    }

    boolean contains(TableMapping.Rows rows, Tuple row, int writer) {
        return snapshot.isFollowedBy(writer, now) && changed.contains(rows.identity(row, null));
    }
}
