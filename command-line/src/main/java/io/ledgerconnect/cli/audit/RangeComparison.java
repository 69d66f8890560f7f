package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.Difference.Kind;
import io.ledgerconnect.cli.audit.SideReader.Digest;
import io.ledgerconnect.cli.audit.TableFindings.Undecided;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares ranges of a table's keys, the ledger as of a position with the reporting store once it is complete through
 * there.
 *
 * <p>A row of the reporting store whose {@code _lsn} is below the position is the row as of the position. A row that a
 * later change has written, and a row that is not there any more, do not tell what was; they are left for
 * {@link Recheck}. Used by one thread.
 */
final class RangeComparison {
    /** Halving ends here in any case: what is left has keys that cannot be told apart by their order. */
    private static final int DEEPEST = 64;

    private final TableFindings findings;
    private final SideReader ledger;
    private final SideReader reporting;
    private final String position;
    private final int leafRows;
    private long rows;

    RangeComparison(TableFindings findings, SideReader ledger, SideReader reporting, String position, int leafRows) {
        this.findings = findings;
        this.ledger = ledger;
        this.reporting = reporting;
        this.position = position;
        this.leafRows = leafRows;
    }

    /** How many rows the ledger has there. */
    long compare(Key.Range range) throws SQLException {
        compare(range, 0);
        findings.took(ledger.nanos(), reporting.nanos());
        return rows;
    }

    private void compare(Key.Range range, int depth) throws SQLException {
        if (findings.isFull()) {
            return;
        }
        if (!findings.table().canBeRebuilt()) {
            findings.lookAgain(new Key(List.of()), Undecided.UNREAD);
            return;
        }
        Digest right = reporting.digest(range, List.of());
        Digest left = ledger.digest(range, right.later());
        if (depth == 0) {
            findings.counted(left, right);
            rows = left.rows();
        }
        right.later().forEach(key -> findings.lookAgain(key, Undecided.UNREAD));
        if (left.isOfSameRows(right)) {
            return;
        }
        if (!findings.table().hasKey()) {
            addWithoutKey();
        } else if (Math.max(left.rows(), right.rows()) <= leafRows || depth == DEEPEST) {
            compareRows(range);
        } else {
            halve(range, left.rows() >= right.rows() ? ledger : reporting, Math.max(left.rows(), right.rows()), depth);
        }
    }

    /** Where rows are written over, one that was changed or deleted since cannot be told from one that differs. */
    private void addWithoutKey() throws SQLException {
        if (findings.table().isMutable()) {
            findings.lookAgain(new Key(List.of()), Undecided.UNREAD);
        } else {
            new UnkeyedRows(findings, ledger, reporting, position).compare();
        }
    }

    private void halve(Key.Range range, SideReader larger, long rows, int depth) throws SQLException {
        Optional<Key> middle = larger.keyAt(range, (rows - 1) / 2);
        if (middle.isEmpty() || middle.equals(range.through())) {
            compareRows(range);
            return;
        }
        compare(range.lower(middle.get()), depth + 1);
        compare(range.upper(middle.get()), depth + 1);
    }

    private void compareRows(Key.Range range) throws SQLException {
        Map<Key, Row> left = new HashMap<>();
        ledger.rows(range).forEach(row -> left.put(row.key(), row));
        Map<Key, Row> right = new HashMap<>();
        for (Row row : reporting.rows(range)) {
            if (right.put(row.key(), row) != null) {
                findings.add(Difference.of(Kind.DOUBLED, row.key(), position));
            }
        }
        left.values().forEach(row -> compare(row, right.get(row.key())));
        right.values().stream()
                .filter(row -> !row.isLater() && !left.containsKey(row.key()))
                .forEach(row -> findings.add(Difference.of(Kind.EXTRA, row.key(), position)));
    }

    private void compare(Row left, Row right) {
        if (right == null && !findings.table().isMutable()) {
            findings.add(Difference.of(Kind.MISSING, left.key(), position));
        } else if (right == null || right.isLater()) {
            findings.lookAgain(left.key(), new Undecided(left, right, true));
        } else {
            List<Integer> differing = left.differing(right);
            if (!differing.isEmpty()) {
                findings.addDifferent(left, right, position, differing);
            }
        }
    }
}
