package io.ledgerconnect.testbed.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an audit has found.
 *
 * @param position where the ledger was
 * @param status what the reporting store said of itself at the end of the wait; empty when it said nothing
 * @param waited how long the reporting store took to be complete through the position, or was given for it
 * @param tables the tables on both sides
 * @param ledgerViolations the ledger's invariants that do not hold, and how often; empty unless the ledger is at fault
 * @param reportingViolations the same of the reporting tables
 */
public record AuditReport(
        LedgerPosition position,
        Optional<SinkStatus> status,
        Duration waited,
        List<TableComparison> tables,
        Map<String, Long> ledgerViolations,
        Map<String, Long> reportingViolations) {

    public AuditReport {
        tables = List.copyOf(tables);
        ledgerViolations = Map.copyOf(ledgerViolations);
        reportingViolations = Map.copyOf(reportingViolations);
    }

    /** Whether the reporting store says that it has everything through the position. */
    public boolean isComplete() {
        return position.isReachedBy(status.map(SinkStatus::completeThrough).orElse(null));
    }

    /** Whether both sides are complete and equal, and the ledger's invariants hold on both. */
    public boolean isClean() {
        return differences().isEmpty();
    }

    /** A sentence for everything that is wrong; empty when nothing is. What is not complete is not compared further. */
    public List<String> differences() {
        List<String> differences = new ArrayList<>();
        status.filter(sink -> sink.gap() != null)
                .ifPresent(sink -> differences.add("The sink misses a record: " + sink.gap()));
        status.filter(sink -> sink.quarantined() > 0)
                .ifPresent(sink -> differences.add(sink.quarantined() + " records are in quarantine"));
        if (isComplete()) {
            differences.addAll(unequal());
        } else {
            differences.add("The reporting store is complete through "
                    + status.map(SinkStatus::completeThrough).orElse("nothing") + " after " + waited.toSeconds()
                    + " s, the ledger is at " + position.lsn());
        }
        return differences;
    }

    private List<String> unequal() {
        List<String> differences = new ArrayList<>();
        tables.forEach(table -> differences.addAll(table.differences()));
        ledgerViolations.forEach((invariant, count) -> differences.add(violation("ledger", invariant, count)));
        reportingViolations.forEach(
                (invariant, count) -> differences.add(violation("reporting store", invariant, count)));
        return differences;
    }

    private static String violation(String side, String invariant, long count) {
        return "In the " + side + " it does not hold that " + invariant + ": " + count + " violations";
    }

    /** The report as a table of text, with the differences below. */
    @Override
    public String toString() {
        return AuditText.of(this);
    }
}
