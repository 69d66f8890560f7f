package io.ledgerconnect.sink.validate;

import io.ledgerconnect.common.config.ConnectSettings;
import io.ledgerconnect.common.config.Misspelling;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SinkSettings;
import io.ledgerconnect.sink.config.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether settings, and the tables in them, are called what was meant. Needs no reporting store. */
final class NameCheck {
    private NameCheck() {}

    /** Settings that nobody reads, and that are spelt almost like one that somebody does. */
    static List<Finding> misspelt(Map<String, String> properties) {
        Set<String> known = new TreeSet<>(SinkSettings.definition(properties).names());
        known.add(SinkSettings.TOPICS);
        known.add(SinkSettings.TOPICS_REGEX);
        List<Finding> findings = new ArrayList<>();
        for (String name : new TreeSet<>(properties.keySet())) {
            Optional<String> meant = known.contains(name) || ConnectSettings.contains(name)
                    ? Optional.empty()
                    : Misspelling.meant(name, known);
            meant.ifPresent(setting ->
                    findings.add(new Finding(name, "There is no setting " + name + "; did you mean " + setting + "?")));
        }
        return findings;
    }

    static List<Finding> tables(SinkConfig config, Map<String, String> properties) {
        Map<TableName, Set<String>> tables = NamedTables.of(config);
        List<Finding> findings = new ArrayList<>();
        checkOrigins(tables, findings);
        // Transforms may rename topics, and with them the tables that are named after them.
        if (NamedTables.areAllKnown(config) && !properties.containsKey("transforms")) {
            checkTableSettings(tables.keySet(), properties, findings);
        }
        return findings;
    }

    /** Two ledger tables would replace each other's rows; the same table of several ledgers may share one. */
    private static void checkOrigins(Map<TableName, Set<String>> tables, List<Finding> findings) {
        tables.forEach((table, ledgerTables) -> {
            if (ledgerTables.size() > 1) {
                findings.add(new Finding(
                        SinkSettings.TABLE_NAME_FORMAT,
                        "The topics of the ledger tables " + String.join(" and ", ledgerTables) + " lead to "
                                + table + ", where rows of one would replace rows of the other: tell them apart, with "
                                + table.schema() + ".${schema}_${table} or ${schema}.${table}"));
            }
        });
    }

    private static void checkTableSettings(
            Set<TableName> tables, Map<String, String> properties, List<Finding> findings) {
        for (String setting : new TreeMap<>(properties).keySet()) {
            String name = SinkSettings.tableOf(setting);
            if (name != null && tables.stream().noneMatch(table -> isCalled(table, name)) && isMeant(tables, name)) {
                findings.add(new Finding(
                        setting,
                        "No topic leads to a reporting table " + name + ", so " + setting
                                + " has no effect: the topics lead to " + tables));
            }
        }
    }

    /** Whether one of the tables is called almost so; a setting for a table that is not there at all does no harm. */
    private static boolean isMeant(Set<TableName> tables, String name) {
        Set<String> names = new TreeSet<>();
        for (TableName table : tables) {
            names.add(table.toString());
            names.add(table.table());
        }
        return Misspelling.meant(name, names).isPresent()
                || tables.stream().anyMatch(table -> table.table().endsWith('_' + name));
    }

    private static boolean isCalled(TableName table, String name) {
        return name.equals(table.toString()) || name.equals(table.table());
    }
}
