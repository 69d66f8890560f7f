package io.ledgerconnect.testbed.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * A table on both sides of an audit.
 *
 * @param missingColumns columns of the ledger that the reporting table does not have
 * @param differingKeys keys of some of the rows that differ or are on one side only
 */
public record TableComparison(
        AuditedTable table,
        TableState ledger,
        TableState reporting,
        List<String> missingColumns,
        List<String> differingKeys) {

    public TableComparison {
        missingColumns = List.copyOf(missingColumns);
        differingKeys = List.copyOf(differingKeys);
    }

    public boolean isEqual() {
        return missingColumns.isEmpty() && ledger.equals(reporting);
    }

    /** A sentence for each difference; empty when there is none. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        if (!missingColumns.isEmpty()) {
            differences.add(table.target() + " lacks the columns " + missingColumns + " of " + table.source());
        }
        if (ledger.rows() != reporting.rows()) {
            differences.add(
                    table.target() + " has " + reporting.rows() + " rows, " + table.source() + " has " + ledger.rows());
        }
        if (!ledger.sums().equals(reporting.sums())) {
            differences.add("The sums per currency of " + table.target() + " and " + table.source() + " differ");
        }
        if (!ledger.digest().equals(reporting.digest())) {
            differences.add("The rows of " + table.target() + " and " + table.source() + " differ, for example at "
                    + String.join("-", table.key()) + " " + String.join(", ", differingKeys));
        }
        return differences;
    }
}
