package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.Difference.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found in one table. Thread-safe. */
final class TableFindings {
    private final AuditedTable table;
    private final boolean showsValues;
    private final boolean keepsDeleted;
    private final int mostDifferences;
    private final List<Difference> differences = new ArrayList<>();
    private final Map<Key, Undecided> undecided = new LinkedHashMap<>();
    private long ledgerRows;
    private long reportingRows;
    private long kept;
    private BigInteger digest = BigInteger.ZERO;

    /**
     * A row that has changed since the position, so that it has to be looked at again.
     *
     * @param ledger as of the position; null where the ledger had none, or it was not read
     * @param reporting as it was read after the reporting store had reached the position; null where it had none
     * @param isKnown whether both were read
     */
    record Undecided(Row ledger, Row reporting, boolean isKnown) {
        static final Undecided UNREAD = new Undecided(null, null, false);
    }

    TableFindings(AuditedTable table, AuditSettings settings) {
        this.table = table;
        this.showsValues = settings.showsValues();
        this.keepsDeleted = settings.keepsDeleted();
        this.mostDifferences = settings.mostDifferences();
    }

    AuditedTable table() {
        return table;
    }

    synchronized void counted(long inLedger, long inReporting, BigInteger ledgerDigest) {
        ledgerRows += inLedger;
        reportingRows += inReporting;
        digest = digest.add(ledgerDigest);
    }

    synchronized void add(Difference difference) {
        if (difference.kind() == Kind.EXTRA && keepsDeleted) {
            kept++;
        } else {
            differences.add(difference);
        }
    }

    void addDifferent(Row ledger, Row reporting, String position, List<Integer> numbers) {
        add(new Difference(
                Kind.DIFFERENT,
                ledger.key(),
                position,
                numbers.stream().map(i -> table.columns().get(i).name()).toList(),
                texts(ledger, numbers),
                texts(reporting, numbers)));
    }

    private List<String> texts(Row row, List<Integer> numbers) {
        return showsValues
                ? numbers.stream().map(i -> String.valueOf(row.texts().get(i))).toList()
                : List.of();
    }

    synchronized void lookAgain(Key key, Undecided known) {
        undecided.merge(key, known, (one, other) -> other.isKnown() ? other : one);
    }

    /** Whether there are so many differences that naming more of them helps nobody. */
    synchronized boolean isFull() {
        return differences.size() >= mostDifferences;
    }

    synchronized Map<Key, Undecided> undecided() {
        return new LinkedHashMap<>(undecided);
    }

    synchronized void replaceUndecided(Map<Key, Undecided> still) {
        undecided.clear();
        undecided.putAll(still);
    }

    synchronized List<Difference> differences() {
        return List.copyOf(differences);
    }

    synchronized long count(Kind kind) {
        return differences.stream()
                .filter(difference -> difference.kind() == kind)
                .count();
    }

    synchronized long ledgerRows() {
        return ledgerRows;
    }

    synchronized long reportingRows() {
        return reportingRows;
    }

    /** Rows of the ledger's past that the sink was told to keep ({@code delete.enabled=false}). */
    synchronized long kept() {
        return kept;
    }

    synchronized BigInteger digest() {
        return digest;
    }

    synchronized boolean isEqual() {
        return differences.isEmpty() && table.missing().isEmpty();
    }
}
