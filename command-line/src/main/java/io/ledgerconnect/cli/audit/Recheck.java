package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.Difference.Kind;
import io.ledgerconnect.cli.audit.TableFindings.Undecided;
import io.ledgerconnect.common.position.Lsn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks again, at a later position, at rows that the first one left undecided. Used by one thread.
 *
 * <p>Two things decide over a row:
 *
 * <ul>
 *   <li>The reporting store, complete through the later position, has it from a change before that position, or neither
 *       side has it: then it is as of that position.
 *   <li>The ledger has the same version of it at both positions. Then it did not change in between, and what the
 *       reporting store had in between is to be equal to it: a row that was not there was missing, and one that a
 *       change from in between is said to have written is not what the ledger has.
 * </ul>
 *
 * A row that changes all the time is compared by the changes themselves: what the reporting store has of it is to be
 * what the change of its {@code _lsn} made of it, by the ledger's WAL.
 */
final class Recheck {
    /** Keys in one statement. */
    private static final int KEYS_AT_ONCE = 5_000;

    private static final String LSN = "_lsn";

    private final TableFindings findings;
    private final String position;
    private final Map<Key, Undecided> before;
    private final Map<Key, Row> ledgerRows = new HashMap<>();

    Recheck(TableFindings findings, String position) {
        this.findings = findings;
        this.position = position;
        this.before = findings.undecided();
    }

    /** The first half, as of the later position. */
    void readLedger(SideReader ledger) throws SQLException {
        for (List<Key> keys : chunks()) {
            ledger.rows(keys).forEach(row -> ledgerRows.put(row.key(), row));
        }
    }

    /** The second half, once the reporting store is complete through it. */
    void readReporting(SideReader reporting) throws SQLException {
        Map<Key, Undecided> still = new LinkedHashMap<>();
        for (List<Key> keys : chunks()) {
            Map<Key, Row> rows = new HashMap<>();
            reporting.rows(keys).forEach(row -> rows.put(row.key(), row));
            for (Key key : keys) {
                if (!isDecided(key, rows.get(key))) {
                    still.put(key, new Undecided(ledgerRows.get(key), rows.get(key), true));
                }
            }
        }
        findings.replaceUndecided(still);
    }

    /** For what is undecided still: the changes since the later position. */
    void readChanges(LedgerChanges changes, SideReader ledger) throws SQLException {
        Map<Key, Undecided> still = new LinkedHashMap<>();
        for (Map.Entry<Key, Undecided> row : findings.undecided().entrySet()) {
            Optional<List<LedgerChange>> ofRow = changes.of(findings.table().name(), row.getKey());
            if (ofRow.isEmpty()
                    || !isDecidedByChanges(row.getKey(), row.getValue().reporting(), ofRow.get(), ledger)) {
                still.put(row.getKey(), row.getValue());
            }
        }
        findings.replaceUndecided(still);
    }

    private boolean isDecidedByChanges(Key key, Row reporting, List<LedgerChange> changes, SideReader ledger)
            throws SQLException {
        if (reporting == null) {
            return isDecidedAbsence(key, changes);
        }
        long lsn = Lsn.parse(reporting.version());
        LedgerChange last = null;
        for (LedgerChange change : changes) {
            last = change.commitLsn() == lsn ? change : last;
        }
        if (last == null) {
            findings.add(new Difference(Kind.DIFFERENT, key, position, List.of(LSN), List.of(), List.of()));
        } else if (last.isDelete()) {
            findings.add(Difference.of(Kind.EXTRA, key, position));
        } else {
            compare(ledger.rowOf(key, findings.table().ledgerTypes(), last.after()), reporting, last);
        }
        return true;
    }

    /** The ledger had the row at the position, so that only a delete explains that it is not there. */
    private boolean isDecidedAbsence(Key key, List<LedgerChange> changes) {
        if (changes.stream().noneMatch(LedgerChange::isDelete)) {
            findings.add(Difference.of(Kind.MISSING, key, position));
            return true;
        }
        return changes.get(changes.size() - 1).isDelete();
    }

    /** Values that the change did not bring are not compared. */
    private void compare(Row made, Row reporting, LedgerChange change) {
        List<Integer> differing = made.differing(reporting).stream()
                .filter(i -> change.after()
                        .containsKey(findings.table().columns().get(i).name()))
                .toList();
        if (!differing.isEmpty()) {
            findings.addDifferent(made, reporting, position, differing);
        }
    }

    private boolean isDecided(Key key, Row reporting) {
        Row ledger = ledgerRows.get(key);
        return isDecidedByVersion(before.get(key), ledger) || isDecidedByPosition(key, ledger, reporting);
    }

    private boolean isDecidedByVersion(Undecided earlier, Row ledger) {
        if (!earlier.isKnown()
                || earlier.ledger() == null
                || ledger == null
                || !earlier.ledger().version().equals(ledger.version())) {
            return false;
        }
        Row between = earlier.reporting();
        if (between == null) {
            findings.add(Difference.of(Kind.MISSING, ledger.key(), position));
            return true;
        }
        List<Integer> differing = ledger.differing(between);
        if (!differing.isEmpty()) {
            findings.addDifferent(ledger, between, position, differing);
        } else if (between.isLater()) {
            findings.add(new Difference(Kind.DIFFERENT, ledger.key(), position, List.of(LSN), List.of(), List.of()));
        }
        return true;
    }

    private boolean isDecidedByPosition(Key key, Row ledger, Row reporting) {
        if (reporting == null) {
            return ledger == null;
        }
        if (reporting.isLater()) {
            return false;
        }
        if (ledger == null) {
            findings.add(Difference.of(Kind.EXTRA, key, position));
            return true;
        }
        List<Integer> differing = ledger.differing(reporting);
        if (!differing.isEmpty()) {
            findings.addDifferent(ledger, reporting, position, differing);
        }
        return true;
    }

    private List<List<Key>> chunks() {
        List<Key> keys = new ArrayList<>(before.keySet());
        List<List<Key>> chunks = new ArrayList<>();
        for (int i = 0; i < keys.size(); i += KEYS_AT_ONCE) {
            chunks.add(keys.subList(i, Math.min(keys.size(), i + KEYS_AT_ONCE)));
        }
        return chunks;
    }
}
