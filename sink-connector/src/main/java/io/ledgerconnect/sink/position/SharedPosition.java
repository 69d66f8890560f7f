package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.sink.read.Change;
import org.apache.kafka.connect.data.Struct;

/**
 * Tells records apart that share a position, as the rows of a snapshot by Debezium do, and those of one page of a COPY.
 * They come again as they came, from the first on: so it is enough to know how many were applied, and which of them
 * came last.
 *
 * @param count how many at the position were applied
 * @param place which of them came last, from 1; 0 when something before the position came last
 * @param first what the first is recognised by; 0 when it has no key
 */
public record SharedPosition(long count, long place, long first) {
    /** None was applied. */
    static final SharedPosition NONE = new SharedPosition(0, 0, 0);

    /** The first at a position. */
    static SharedPosition begin(Change change) {
        return new SharedPosition(1, 1, hash(change));
    }

    /** Something came that stands before the position. */
    SharedPosition left() {
        return new SharedPosition(count, 0, first);
    }

    /** One more came that stands at the position; it is new if that raises {@link #count}. */
    SharedPosition next(Change change) {
        boolean again = place == 0 || (first != 0 && hash(change) == first);
        long next = again ? 1 : place + 1;
        return new SharedPosition(Math.max(count, next), next, first);
    }

    private static long hash(Change change) {
        return change.record().key() instanceof Struct key
                ? ContentHash.of(key, null, null) * 31
                        + change.operation().code().hashCode()
                : 0;
    }
}
