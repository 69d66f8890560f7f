package io.ledgerconnect.testbed.process;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for what happens in other processes. */
public final class Polling {

    private Polling() {}

    /** Conditions are asked at once, then at the given interval, on the calling thread. */
    public static ConditionFactory every(Duration interval) {
        return Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(interval);
    }
}
