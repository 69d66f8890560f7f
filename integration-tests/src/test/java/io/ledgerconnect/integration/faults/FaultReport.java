package io.ledgerconnect.integration.faults;

import io.ledgerconnect.integration.TopicOrder;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.ledger.WorkloadCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What became of a pipeline under faults.
 *
 * @param workload what the ledger acknowledged
 * @param paymentsInLedger what it holds
 * @param alarms what was said meanwhile
 * @param audit what was found at the end
 */
record FaultReport(
        FaultSettings settings,
        List<Recovered> recovered,
        WorkloadCounts workload,
        long paymentsInLedger,
        AlarmCounts alarms,
        AuditReport audit,
        TopicOrder order) {

    FaultReport {
        recovered = List.copyOf(recovered);
    }

    /** A sentence for everything that is wrong; empty when nothing is. */
    List<String> violations() {
        List<String> violations = new ArrayList<>(audit.differences());
        violations.addAll(order.violations());
        violations.addAll(alarms.violations());
        if (paymentsInLedger != workload.payments()) {
            violations.add(
                    "The ledger holds " + paymentsInLedger + " payments and has acknowledged " + workload.payments());
        }
        return violations;
    }

    /** The summary: a line per fault, what flowed, and the audit. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%n%-34s %5s   %-26s   %s%n", "fault", "times", "complete after, s", "longest start, s"));
        text.append(String.format(Locale.ROOT, "%40s   %8s %8s %8s%n", "", "least", "median", "most"));
        for (Fault fault : Fault.values()) {
            text.append(line(fault));
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%,d payments, %,d transactions repeated by the application; %,d records in Kafka, %,d of them sent"
                        + " again; order of each key: %s%n%s%n%n",
                workload.payments(),
                workload.repeated(),
                order.records(),
                order.repeated(),
                order.violations().isEmpty() ? "kept" : order.violations(),
                alarms));
        return text.append(audit)
                .append(String.format(Locale.ROOT, "%nSeed %d", settings.seed()))
                .toString();
    }

    private String line(Fault fault) {
        double[] catchUps = sorted(fault, Recovered::catchUp);
        if (catchUps.length == 0) {
            return "";
        }
        double[] restarts = sorted(fault, Recovered::restart);
        return String.format(
                Locale.ROOT,
                "%-34s %5d   %8.1f %8.1f %8.1f   %8.1f%n",
                fault,
                catchUps.length,
                catchUps[0],
                catchUps[catchUps.length / 2],
                catchUps[catchUps.length - 1],
                restarts[restarts.length - 1]);
    }

    private double[] sorted(Fault fault, Function<Recovered, Duration> figure) {
        double[] seconds = recovered.stream()
                .filter(one -> one.fault() == fault)
                .mapToDouble(one -> Recovered.seconds(figure.apply(one)))
                .toArray();
        Arrays.sort(seconds);
        return seconds;
    }
}
