package io.ledgerconnect.testbed.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import java.util.TreeSet;

/** An audit's report as people read it. */
final class AuditText {
    private static final String ROW = "  %-11s %-16s %20s %20s  %s%n";
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    private final StringBuilder text = new StringBuilder();

    private AuditText() {}

    static String of(AuditReport report) {
        AuditText audit = new AuditText();
        audit.head(report);
        report.tables().forEach(audit::table);
        audit.verdict(report);
        return audit.text.toString();
    }

    private void head(AuditReport report) {
        String complete = report.status().map(SinkStatus::completeThrough).orElse("nothing");
        line("Audit of ledger " + report.position().source() + " at position "
                + report.position().lsn());
        line("Reporting store complete through " + complete
                + ", %.1f s later".formatted(report.waited().toMillis() / 1000.0));
        line("");
        row("table", "", "ledger", "reporting store", "");
    }

    private void table(TableComparison table) {
        String name = table.table().source().replaceFirst("^public\\.", "");
        if (!table.missingColumns().isEmpty()) {
            row(name, "", "", "not comparable", mark(false));
            return;
        }
        row(
                name,
                "rows",
                count(table.ledger().rows()),
                count(table.reporting().rows()),
                mark(table.ledger().rows() == table.reporting().rows()));
        var currencies = new TreeSet<>(table.ledger().sums().keySet());
        currencies.addAll(table.reporting().sums().keySet());
        for (String currency : currencies) {
            sum(
                    table.table().sum().map(AuditedTable.Sum::name).orElse("") + ' ' + currency,
                    table.ledger().sums().get(currency),
                    table.reporting().sums().get(currency));
        }
        BigInteger left = table.ledger().digest();
        BigInteger right = table.reporting().digest();
        row("", "digest", hex(left), hex(right), mark(left.equals(right)));
    }

    private void sum(String name, String left, String right) {
        row("", name, amount(left), amount(right), mark(Objects.equals(left, right)));
    }

    private void verdict(AuditReport report) {
        line("");
        if (report.isClean()) {
            line(
                    "Complete and equal. On both sides the entries balance, and versions and running balances have no hole.");
        } else {
            line("NOT complete and equal:");
            report.differences().forEach(difference -> line("  - " + difference));
        }
    }

    private void row(Object... cells) {
        text.append(ROW.formatted(cells).stripTrailing()).append(System.lineSeparator());
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }

    private static String mark(boolean equal) {
        return equal ? "=" : "DIFFERS";
    }

    private static String count(long number) {
        return "%,d".formatted(number);
    }

    private static String amount(String sum) {
        return sum == null ? "-" : "%,d".formatted(new BigDecimal(sum).toBigInteger());
    }

    /** The low 64 bits: what two people can compare over the telephone. */
    private static String hex(BigInteger digest) {
        return "%016x".formatted(digest.mod(TWO_TO_64));
    }
}
