package io.ledgerconnect.cli.audit;

import java.util.List;
import java.util.Optional;

/** A row's key: the text of each of its columns. */
record Key(List<String> values) {
    Key {
        values = List.copyOf(values);
    }

    /**
     * Keys after one through another, in the order that both databases have.
     *
     * @param after not in it; empty for all from the first on
     * @param through the last in it; empty for all to the last
     */
    record Range(Optional<Key> after, Optional<Key> through) {
        static final Range ALL = new Range(Optional.empty(), Optional.empty());

        Range lower(Key middle) {
            return new Range(after, Optional.of(middle));
        }

        Range upper(Key middle) {
            return new Range(Optional.of(middle), through);
        }
    }

    @Override
    public String toString() {
        return String.join("/", values);
    }
}
