package io.ledgerconnect.integration;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for other processes. */
public final class Waiting {

    /** What takes seconds on an idle machine; a busy one gets ten times as long. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private Waiting() {}

    public static ConditionFactory patiently(String what) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .atMost(PATIENCE);
    }
}
