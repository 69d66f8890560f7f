package io.ledgerconnect.source.capture;

import java.time.Duration;

/** Growing pauses between attempts. Used by one thread only. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);
    /** A database that is back is noticed within this time. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    Duration next() {
        Duration pause = next;
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return pause;
    }

    void reset() {
        next = FIRST;
    }
}
