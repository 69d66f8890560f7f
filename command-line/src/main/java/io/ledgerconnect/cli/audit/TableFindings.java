package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.Difference.Kind;
import io.ledgerconnect.cli.audit.SideReader.Digest;
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
    private BigInteger ledgerDigest = BigInteger.ZERO;
    private BigInteger reportingDigest = BigInteger.ZERO;
    private final Sums ledgerSums = new Sums();
    private final Sums reportingSums = new Sums();
    private final Sums changedSums = new Sums();
    private long ledgerNanos;
    private long reportingNanos;

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

    synchronized void counted(Digest inLedger, Digest inReporting) {
        ledgerRows += inLedger.rows();
        reportingRows += inReporting.rows();
        ledgerDigest = ledgerDigest.add(inLedger.sum());
        reportingDigest = reportingDigest.add(inReporting.sum());
        ledgerSums.add(inLedger.sums());
        reportingSums.add(inReporting.sums());
    }

    synchronized void took(long inLedger, long inReporting) {
        ledgerNanos += inLedger;
        reportingNanos += inReporting;
    }

    /**
     * The ledger's sums of rows that have changed since.
     *
     * @param counted whether the ledger's count has them: the reporting store has them no more
     */
    synchronized void changed(Sums sums, boolean counted) {
        changedSums.add(sums);
        if (!counted) {
            ledgerSums.add(sums);
        }
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

    synchronized BigInteger ledgerDigest() {
        return ledgerDigest;
    }

    synchronized BigInteger reportingDigest() {
        return reportingDigest;
    }

    /** Of all the ledger's rows as of the position. */
    synchronized Sums ledgerSums() {
        return ledgerSums;
    }

    /** Of the reporting store's rows as of the position. */
    synchronized Sums reportingSums() {
        return reportingSums;
    }

    /** What the ledger had as of the position in rows that have changed or gone since, which are looked at again. */
    synchronized Sums changedSums() {
        return changedSums;
    }

    /** How long the ledger's statements took, together. */
    synchronized double ledgerSeconds() {
        return ledgerNanos / 1e9;
    }

    synchronized double reportingSeconds() {
        return reportingNanos / 1e9;
    }

    synchronized boolean isEqual() {
        return differences.isEmpty() && table.missing().isEmpty();
    }
}
