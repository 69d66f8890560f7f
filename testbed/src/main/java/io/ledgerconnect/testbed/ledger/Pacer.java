package io.ledgerconnect.testbed.ledger;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Hands out turns at an even rate. Safe for use by several threads. */
final class Pacer {
    /** What was missed during an outage is not made up for, or the server would meet a flood when it is back. */
    private static final long FURTHEST_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private long nextTurn;

    Pacer(double turnsPerSecond, LongSupplier nanoClock) {
        this.intervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) / turnsPerSecond);
        this.nanoClock = nanoClock;
        this.nextTurn = nanoClock.getAsLong();
    }

    /** Takes the next turn and waits until it has come. */
    void awaitTurn() throws InterruptedException {
        long wait = takeTurn();
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    /** Takes the next turn and says how many nanoseconds from now it comes; none or less where it is overdue. */
    synchronized long takeTurn() {
        long now = nanoClock.getAsLong();
        long turn = Math.max(nextTurn - now, -FURTHEST_BEHIND_NANOS) + now;
        nextTurn = turn + intervalNanos;
        return turn - now;
    }
}
