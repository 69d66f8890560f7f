package io.ledgerconnect.integration.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the monitoring of a fault run has seen.
 *
 * @param statuses how often the status was read
 * @param equal audits that found both sides equal, while payments were made
 * @param cutOff audits that could not be done, as a server that they need was away
 * @param falseAlarms a sentence for each time that something was said to be wrong, which it never is
 */
record AlarmCounts(long statuses, int equal, int cutOff, List<String> falseAlarms) {

    AlarmCounts {
        falseAlarms = List.copyOf(falseAlarms);
    }

    /** A sentence for everything that is wrong: the false alarms, or that nothing was watched. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        falseAlarms.forEach(alarm -> violations.add("False alarm: " + alarm));
        if (statuses == 0) {
            violations.add("The status was never read");
        }
        if (equal == 0) {
            violations.add("No audit came to an end while payments were made; " + cutOff + " were cut off");
        }
        return violations;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d statuses read; audits under load: %d equal, %d cut off by a fault; false alarms: %d",
                statuses,
                equal,
                cutOff,
                falseAlarms.size());
    }
}
