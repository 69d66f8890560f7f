package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the ledger has changed since a position, in the rows that are asked for. Not thread-safe. */
final class LedgerChanges {
    private final Map<String, TableFindings> wanted = new HashMap<>();
    private final Map<String, Map<Key, List<LedgerChange>>> changes = new HashMap<>();
    private final Set<String> unclear = new HashSet<>();
    private final PgOutputText messages = new PgOutputText(this::add);

    /** @param tables of whose undecided rows the changes are kept */
    LedgerChanges(List<TableFindings> tables) {
        tables.forEach(findings -> {
            wanted.put(findings.table().name(), findings);
            Map<Key, List<LedgerChange>> ofKeys = new HashMap<>();
            findings.undecided().keySet().forEach(key -> ofKeys.put(key, new ArrayList<>()));
            changes.put(findings.table().name(), ofKeys);
        });
    }

    void read(byte[] message) {
        messages.read(message);
    }

    /**
     * The changes of a row, in their order. A change of its key is a delete of one row and the other's first.
     *
     * @return empty where they cannot tell: the table was truncated, or changes do not name the key
     */
    Optional<List<LedgerChange>> of(String table, Key key) {
        boolean tells = changes.containsKey(table)
                && !unclear.contains(table)
                && !messages.truncated().contains(table);
        return tells ? Optional.of(changes.get(table).get(key)) : Optional.empty();
    }

    private void add(LedgerChange change) {
        TableFindings findings = wanted.get(change.table());
        if (findings == null) {
            return;
        }
        List<Pair> key = findings.table().key();
        Key before = change.before().isEmpty() ? null : key(key, change.before());
        Key after = change.isDelete() ? null : key(key, change.after());
        if ((before == null && !change.before().isEmpty()) || (after == null && !change.isDelete())) {
            unclear.add(change.table());
        } else {
            if (before != null && !before.equals(after)) {
                add(before, new LedgerChange(change.table(), change.commitLsn(), change.before(), Map.of()));
            }
            if (after != null) {
                add(after, change);
            }
        }
    }

    private void add(Key key, LedgerChange change) {
        List<LedgerChange> ofKey = changes.get(change.table()).get(key);
        if (ofKey != null) {
            ofKey.add(change);
        }
    }

    /** Null where a column of it is not known. */
    private static Key key(List<Pair> key, Map<String, String> values) {
        List<String> texts = new ArrayList<>();
        for (Pair pair : key) {
            String value = values.get(pair.name());
            if (value == null) {
                return null;
            }
            texts.add(canonical(pair.ledger().base(), value));
        }
        return new Key(texts);
    }

    /** What {@link Column#canonical} makes of the value, from what the server sends. */
    private static String canonical(String type, String sent) {
        return switch (type) {
            case "bool" -> sent.equals("t") ? "true" : "false";
            case "bpchar" -> sent.stripTrailing();
            case "numeric" -> Character.isLetter(sent.charAt(sent.length() - 1)) ? sent : trimmed(sent);
            default -> sent;
        };
    }

    private static String trimmed(String number) {
        BigDecimal decimal = new BigDecimal(number).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0).toPlainString() : decimal.toPlainString();
    }
}
