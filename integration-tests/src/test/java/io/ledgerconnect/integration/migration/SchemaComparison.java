package io.ledgerconnect.integration.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares two schemas as the JSON converter writes them. */
final class SchemaComparison {
    private static final List<String> ATTRIBUTES = List.of("type", "optional", "name", "version", "default");

    /** Is told what differs. */
    interface Report {
        void differs(String aspect, JsonNode ours, JsonNode theirs);
    }

    private SchemaComparison() {}

    /** Compares everything but the fields, with those of elements and of structs inside of it. */
    static void whole(JsonNode ours, JsonNode theirs, Report report) {
        whole("", ours, theirs, report);
    }

    private static void whole(String prefix, JsonNode ours, JsonNode theirs, Report report) {
        attributes(prefix, ours, theirs, report);
        if (ours.has("items") && theirs.has("items")) {
            whole(prefix + "element ", ours.get("items"), theirs.get("items"), report);
        }
        if (ours.has("fields") && theirs.has("fields")) {
            Map<String, JsonNode> mine = fields(ours);
            Map<String, JsonNode> other = fields(theirs);
            for (String name : union(mine.keySet(), other.keySet())) {
                whole(prefix + "field " + name + ' ', node(mine, name), node(other, name), report);
            }
        }
    }

    static void attributes(String prefix, JsonNode ours, JsonNode theirs, Report report) {
        if (ours.isMissingNode() || theirs.isMissingNode()) {
            if (ours.isMissingNode() != theirs.isMissingNode()) {
                report.differs(prefix + "presence", ours, theirs);
            }
            return;
        }
        for (String attribute : ATTRIBUTES) {
            if (!ours.path(attribute).equals(theirs.path(attribute))) {
                report.differs(prefix + attribute, ours.path(attribute), theirs.path(attribute));
            }
        }
        JsonNode mine = ours.path("parameters");
        JsonNode other = theirs.path("parameters");
        for (String name : union(names(mine), names(other))) {
            if (!mine.path(name).equals(other.path(name))) {
                report.differs(prefix + "parameter " + name, mine.path(name), other.path(name));
            }
        }
    }

    /** The fields of a struct by name, in order. */
    static Map<String, JsonNode> fields(JsonNode struct) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        struct.path("fields").forEach(field -> fields.put(field.path("field").asText(), field));
        return fields;
    }

    static JsonNode node(Map<String, JsonNode> nodes, String name) {
        return nodes.getOrDefault(name, MissingNode.getInstance());
    }

    static Set<String> names(JsonNode object) {
        Set<String> names = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return new ArrayList<>(all);
    }
}
