package io.ledgerconnect.integration.faults;

import java.time.Duration;
import java.util.Locale;

/**
 * A fault that is over.
 *
 * @param victim the server's name
 * @param outage how long the server was dead or frozen
 * @param restart how long it took to start, or to go on
 * @param catchUp from then until the reporting store was complete through what had been committed when it served again
 */
record Recovered(Fault fault, String victim, Duration outage, Duration restart, Duration catchUp) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-34s %-11s outage %5.1f s, start %5.1f s, complete after %5.1f s",
                fault,
                victim,
                seconds(outage),
                seconds(restart),
                seconds(catchUp));
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
