package io.ledgerconnect.integration.migration;

import static io.ledgerconnect.integration.migration.SchemaComparison.fields;
import static io.ledgerconnect.integration.migration.SchemaComparison.names;
import static io.ledgerconnect.integration.migration.SchemaComparison.node;
import static io.ledgerconnect.integration.migration.SchemaComparison.union;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerconnect.integration.migration.CapturedTable.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares the records of both captures under one variant, field by field. Not thread-safe. */
final class Comparison {
    /** Of the moment, or of the connector itself. */
    private static final Set<String> NOT_COMPARED = Set.of("version", "name", "ts_ms", "ts_us", "ts_ns");

    /** Of a row that a snapshot has read, these tell when and how it was read. */
    private static final Set<String> OF_THE_SNAPSHOT = Set.of("lsn", "txId", "sequence");

    private static final Set<String> ROWS = Set.of("before", "after");

    private final Variant variant;
    private final Map<String, Difference> differences = new LinkedHashMap<>();
    private final Set<String> places = new TreeSet<>();
    private final Map<String, Long> values = new HashMap<>();
    private int records;

    Comparison(Variant variant) {
        this.variant = variant;
    }

    Variant variant() {
        return variant;
    }

    Collection<Difference> differences() {
        return differences.values();
    }

    /** Every place that was compared. */
    Set<String> places() {
        return places;
    }

    int records() {
        return records;
    }

    /** How many values of a place were compared. */
    long values(String place) {
        return values.getOrDefault(place, 0L);
    }

    void table(CapturedTable ours, CapturedTable theirs) {
        List<String> mine = ours.entries().stream().map(Entry::identity).toList();
        List<String> other = theirs.entries().stream().map(Entry::identity).toList();
        if (!mine.equals(other)) {
            add(ours.name(), "records", identities(ours), identities(theirs));
        }
        if (mine.size() != other.size()) {
            return;
        }
        for (int i = 0; i < mine.size(); i++) {
            records++;
            key(
                    ours.name(),
                    ours.entries().get(i).key(),
                    theirs.entries().get(i).key());
            value(
                    ours.name(),
                    ours.entries().get(i).value(),
                    theirs.entries().get(i).value());
        }
    }

    /** BEGIN and END of transactions, which both send to a topic of their own. */
    void transactions(CapturedTable ours, CapturedTable theirs) {
        Map<String, Entry> mine = byStatusAndTransaction(ours);
        Map<String, Entry> other = byStatusAndTransaction(theirs);
        if (!List.copyOf(mine.keySet()).equals(List.copyOf(other.keySet()))) {
            add("transactions", "records", String.join("; ", mine.keySet()), String.join("; ", other.keySet()));
        }
        mine.keySet().retainAll(other.keySet());
        mine.forEach((name, entry) -> {
            records++;
            Entry counterpart = other.get(name);
            key("transactions", entry.key(), counterpart.key());
            schema(
                    "transactions",
                    "",
                    entry.value().path("schema"),
                    counterpart.value().path("schema"));
            columns(
                    "transactions",
                    "value",
                    entry.value().path("payload"),
                    counterpart.value().path("payload"));
        });
    }

    private static Map<String, Entry> byStatusAndTransaction(CapturedTable transactions) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Entry entry : transactions.entries()) {
            JsonNode payload = entry.value().path("payload");
            String transaction = payload.path("id").asText().split(":")[0];
            entries.put(payload.path("status").asText() + ' ' + transaction, entry);
        }
        return entries;
    }

    /** Logical messages, which both send to a topic of their own. */
    void messages(CapturedTable ours, CapturedTable theirs) {
        if (ours.entries().size() != theirs.entries().size()) {
            add("messages", "records", identities(ours), identities(theirs));
            return;
        }
        for (int i = 0; i < ours.entries().size(); i++) {
            records++;
            Entry mine = ours.entries().get(i);
            Entry other = theirs.entries().get(i);
            key("messages", mine.key(), other.key());
            value("messages", mine.value(), other.value());
        }
    }

    private static String identities(CapturedTable table) {
        return table.entries().stream().map(Entry::identity).collect(Collectors.joining("; "));
    }

    private void key(String table, JsonNode ours, JsonNode theirs) {
        schema(table, "key ", ours.path("schema"), theirs.path("schema"));
        columns(table, "key value", ours.path("payload"), theirs.path("payload"));
    }

    private void value(String table, JsonNode ours, JsonNode theirs) {
        if (ours.isMissingNode() || theirs.isMissingNode()) {
            return; // the records' identities tell tombstones from others
        }
        envelopeSchema(table, ours.path("schema"), theirs.path("schema"));
        envelope(table, ours.path("payload"), theirs.path("payload"));
    }

    private void envelopeSchema(String table, JsonNode ours, JsonNode theirs) {
        SchemaComparison.attributes("", ours, theirs, (aspect, mine, other) -> add("envelope", aspect, mine, other));
        Map<String, JsonNode> mine = fields(ours);
        Map<String, JsonNode> other = fields(theirs);
        for (String name : union(mine.keySet(), other.keySet())) {
            JsonNode field = node(mine, name);
            JsonNode counterpart = node(other, name);
            if (ROWS.contains(name)) {
                schema(table, "", field, counterpart);
            } else if (field.has("fields") && counterpart.has("fields")) {
                schema(name.equals("message") ? "messages" : name, "", field, counterpart);
            } else {
                place("envelope." + name, "", field, counterpart);
            }
        }
    }

    /** A struct of which each field is a place of its own. */
    private void schema(String owner, String prefix, JsonNode ours, JsonNode theirs) {
        SchemaComparison.attributes(prefix, ours, theirs, (aspect, mine, other) -> add(owner, aspect, mine, other));
        Map<String, JsonNode> mine = fields(ours);
        Map<String, JsonNode> other = fields(theirs);
        for (String name : union(mine.keySet(), other.keySet())) {
            place(owner + '.' + name, prefix, node(mine, name), node(other, name));
        }
        List<String> shared = new ArrayList<>(mine.keySet());
        shared.retainAll(other.keySet());
        List<String> theirOrder = new ArrayList<>(other.keySet());
        theirOrder.retainAll(mine.keySet());
        if (!shared.equals(theirOrder)) {
            add(owner, prefix + "order", shared.toString(), theirOrder.toString());
        }
    }

    private void place(String place, String prefix, JsonNode ours, JsonNode theirs) {
        places.add(place);
        SchemaComparison.whole(ours, theirs, (aspect, mine, other) -> add(place, prefix + aspect, mine, other));
    }

    private void envelope(String table, JsonNode ours, JsonNode theirs) {
        columns(table, "value", ours.path("after"), theirs.path("after"));
        columns(table, "value before", ours.path("before"), theirs.path("before"));
        boolean snapshot = ours.path("op").asText().equals("r");
        for (String field : union(names(ours.path("source")), names(theirs.path("source")))) {
            if (!NOT_COMPARED.contains(field) && !(snapshot && OF_THE_SNAPSHOT.contains(field))) {
                payload(
                        "source." + field,
                        "value",
                        ours.path("source").path(field),
                        theirs.path("source").path(field));
            }
        }
        if (!snapshot) {
            payload(
                    "source.ts_us",
                    "value",
                    ours.path("source").path("ts_us"),
                    theirs.path("source").path("ts_us"));
        }
        columns(
                "transaction",
                snapshot ? "value in snapshots" : "value",
                ours.path("transaction"),
                theirs.path("transaction"));
        columns("messages", "value", ours.path("message"), theirs.path("message"));
    }

    private void columns(String owner, String aspect, JsonNode ours, JsonNode theirs) {
        if (ours.isObject() != theirs.isObject()) {
            add(owner, aspect, ours, theirs);
            return;
        }
        for (String name : union(names(ours), names(theirs))) {
            payload(owner + '.' + name, aspect, ours.path(name), theirs.path(name));
        }
    }

    /** A field that only one of them has differs in its schema already. */
    private void payload(String place, String aspect, JsonNode ours, JsonNode theirs) {
        values.merge(place, 1L, Long::sum);
        if (!ours.isMissingNode() && !theirs.isMissingNode() && !ours.equals(theirs)) {
            add(place, aspect, ours, theirs);
        }
    }

    private void add(String place, String aspect, JsonNode ours, JsonNode theirs) {
        add(place, aspect, ours.toString(), theirs.toString());
    }

    private void add(String place, String aspect, String ours, String theirs) {
        Difference difference = new Difference(variant.name(), place, aspect, ours, theirs);
        differences.putIfAbsent(difference.key(), difference);
    }
}
