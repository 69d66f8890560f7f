package io.ledgerconnect.source.request;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;

/**
 * The last transactions that the stream has brought. The server sends a transaction once it is written, which may be
 * before others see it: a commit that waits for a synchronous standby is invisible for as long. Written by one thread,
 * read by any.
 */
public final class DeliveredTransactions {
    /** Far more than can be between written and visible at a time: that is one per connection. */
    private static final int KEPT = 1 << 14;

    private final AtomicIntegerArray numbers = new AtomicIntegerArray(KEPT);
    private int next;

    /** Adds one by its number of 32 bits, which is never 0. */
    public void add(int number) {
        numbers.lazySet(next, number);
        next = (next + 1) & (KEPT - 1);
    }

    /** Whether a state of the database shows all of them. */
    public boolean areAll(IntPredicate shown) {
        for (int i = 0; i < KEPT; i++) {
            int number = numbers.get(i);
            if (number != 0 && !shown.test(number)) {
                return false;
            }
        }
        return true;
    }
}
