package io.ledgerconnect.cli.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import io.ledgerconnect.cli.audit.Difference.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rows are to be sent again.
 *
 * @param rows by ledger table
 * @param beyond what sending rows again does not mend, as sentences
 */
record RepairPlan(Map<AuditedTable, Set<Key>> rows, List<String> beyond) {
    /** What asks for a table's rows in the source connector's configuration. */
    record Part(String table, String keys) {}

    static RepairPlan of(AuditResult result) {
        Map<AuditedTable, Set<Key>> rows = new LinkedHashMap<>();
        List<String> beyond = new ArrayList<>();
        result.absent()
                .forEach(name -> beyond.add(name + " has no reporting table: does the sink read its topic? Its first"
                        + " record creates the table; snapshot.request.tables asks for its rows."));
        for (TableFindings findings : result.tables()) {
            AuditedTable table = findings.table();
            if (!table.missing().isEmpty()) {
                beyond.add(table.name() + ": " + table.target() + " lacks the columns " + table.missing()
                        + ". Add them, and ask for the rows by snapshot.request.tables.");
            }
            if (!table.hasKey() && !findings.differences().isEmpty()) {
                beyond.add(table.name() + ": it has no key by which rows could be asked for. "
                        + "What is missing, add by hand with the _lsn and _committed_at of its neighbours, or begin anew"
                        + " with resnapshot.mode=replace; what is in excess, delete by its _lsn and _ordinal.");
                continue;
            }
            addDoubled(findings, beyond);
            Set<Key> keys = new LinkedHashSet<>();
            findings.differences().stream()
                    .filter(difference -> difference.kind() != Kind.DOUBLED)
                    .forEach(difference -> keys.add(difference.key()));
            if (!keys.isEmpty()) {
                rows.put(table, keys);
            }
        }
        return new RepairPlan(rows, beyond);
    }

    private static void addDoubled(TableFindings findings, List<String> beyond) {
        long doubled = findings.count(Kind.DOUBLED);
        if (doubled > 0) {
            beyond.add(findings.table().name() + ": " + doubled + " rows stand in "
                    + findings.table().target() + " more than once, and whatever is sent is one more. Take the surplus"
                    + " ones away by hand: of two with the same _lsn and _ordinal, one.");
        }
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    long count() {
        return rows.values().stream().mapToLong(Set::size).sum();
    }

    /** For people: what will be sent, and what it makes of tables that keep more than the present rows. */
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        rows.forEach((table, keys) -> lines.add(table.name() + ": " + keys.size() + " rows to be sent again"
                + switch (table.mode()) {
                    case UPSERT -> "";
                    case HISTORY -> "; they are right from then on, earlier versions stay as they are";
                    case APPEND_ONLY, APPEND_CHANGES -> "; each is one more line, the last one of a key counts";
                }));
        lines.addAll(beyond);
        return lines;
    }

    /**
     * The rows in parts that are asked for one after the other.
     *
     * @param most rows of a part
     */
    List<Part> parts(int most) {
        List<Part> parts = new ArrayList<>();
        rows.forEach((table, keys) -> {
            List<Key> all = List.copyOf(keys);
            for (int from = 0; from < all.size(); from += most) {
                parts.add(new Part(table.name(), json(table, all.subList(from, Math.min(all.size(), from + most)))));
            }
        });
        return parts;
    }

    private static String json(AuditedTable table, List<Key> keys) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Key key : keys) {
            ObjectNode row = array.addObject();
            for (int i = 0; i < table.key().size(); i++) {
                Pair column = table.key().get(i);
                row.put(column.name(), key.values().get(i));
            }
        }
        return array.toString();
    }
}
