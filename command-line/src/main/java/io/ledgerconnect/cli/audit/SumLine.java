package io.ledgerconnect.cli.audit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One sum on both sides.
 *
 * @param group the value of the column by which sums are told apart, such as a currency
 * @param ledger of all rows as of the position
 * @param reporting of the reporting store's rows as of the position
 * @param changed what the ledger had as of the position in rows that have changed or gone since; these were looked at
 *     one by one
 */
record SumLine(String column, Optional<String> group, BigDecimal ledger, BigDecimal reporting, BigDecimal changed) {
    static List<SumLine> of(TableFindings findings) {
        Sums.Columns summed = findings.table().sums();
        TreeSet<String> groups = new TreeSet<>(findings.ledgerSums().groups().keySet());
        groups.addAll(findings.reportingSums().groups().keySet());
        groups.addAll(findings.changedSums().groups().keySet());
        List<SumLine> lines = new ArrayList<>();
        for (int i = 0; i < summed.columns().size(); i++) {
            for (String group : groups) {
                lines.add(new SumLine(
                        summed.columns().get(i).name(),
                        summed.group().map(column -> group),
                        plain(findings.ledgerSums().of(group, i)),
                        plain(findings.reportingSums().of(group, i)),
                        plain(findings.changedSums().of(group, i))));
            }
        }
        return lines;
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** Whether nothing is missing in the sum. */
    boolean isEqual() {
        return ledger.compareTo(reporting.add(changed)) == 0;
    }

    String describe() {
        String since = changed.signum() == 0 ? "" : " and " + changed.toPlainString() + " in rows changed since";
        return "sum of " + column + group.map(value -> " in " + value).orElse("") + ": " + ledger.toPlainString()
                + (isEqual() && since.isEmpty()
                        ? " on both sides"
                        : " in the ledger, " + reporting.toPlainString() + " in the reporting store" + since);
    }
}
