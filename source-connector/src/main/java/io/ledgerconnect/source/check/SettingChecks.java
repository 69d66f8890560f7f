package io.ledgerconnect.source.check;

import io.ledgerconnect.common.config.Misspelling;
import io.ledgerconnect.source.config.ColumnRules;
import io.ledgerconnect.source.config.DebeziumSettings;
import io.ledgerconnect.source.config.SourceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Settings that contradict each other, and settings of Connect's own that would break the promise. */
final class SettingChecks {
    private static final String ACKS = "producer.override.acks";
    private static final String IN_FLIGHT = "producer.override.max.in.flight.requests.per.connection";
    private static final String PARTITIONS = "topic.creation.default.partitions";

    private SettingChecks() {}

    static List<Finding> findings(Map<String, String> given) {
        List<Finding> findings = new ArrayList<>();
        exclusive("table", given, findings);
        exclusive("column", given, findings);
        exclusive("message.prefix", given, findings);
        if ("all".equals(given.get("errors.tolerance"))) {
            findings.add(new Finding(
                    "errors.tolerance",
                    "errors.tolerance=all makes the worker log a record that it could not send and go on without it: a"
                            + " loss. Use none."));
        }
        String acks = given.get(ACKS);
        if (acks != null && !acks.equals("all") && !acks.equals("-1")) {
            findings.add(new Finding(
                    ACKS, "With acks=" + acks + " a broker may lose records that it has acknowledged. Use all."));
        }
        String inFlight = given.get(IN_FLIGHT);
        if (inFlight != null && !inFlight.trim().equals("1")) {
            findings.add(new Finding(
                    IN_FLIGHT,
                    "With several requests in flight, records that are sent again can come after later ones. Idempotence"
                            + " does not prevent it in a new partition, which takes whatever batch comes first for the"
                            + " first. Use 1, or leave this setting out."));
        }
        String partitions = given.get(PARTITIONS);
        if (partitions != null && !partitions.trim().matches("[1-9]\\d{0,4}")) {
            findings.add(new Finding(
                    PARTITIONS,
                    "The number of partitions must be a number from 1 on: the connector"
                            + " computes the partition of every key from it."));
        }
        findings.addAll(ColumnRuleChecks.settings(given));
        return findings;
    }

    /** Settings that nobody knows and that are hardly anybody else's: without effect, they would change the capture. */
    static List<Finding> misspelt(Map<String, String> given) {
        List<Finding> findings = new ArrayList<>();
        for (String name : SourceSettings.unknown(given.keySet())) {
            if (DebeziumSettings.contains(name) || ColumnRules.isUnknownMask(name)) {
                continue;
            }
            Misspelling.meant(name, SourceSettings.DEFINITION.names())
                    .ifPresent(meant -> findings.add(
                            new Finding(name, "There is no setting " + name + "; did you mean " + meant + "?")));
        }
        return findings;
    }

    private static void exclusive(String what, Map<String, String> given, List<Finding> findings) {
        String include = what + ".include.list";
        String exclude = what + ".exclude.list";
        if (isGiven(given.get(include)) && isGiven(given.get(exclude))) {
            findings.add(new Finding(
                    exclude,
                    exclude + " and " + include
                            + " are both given, which would leave open what is captured. Use one."));
        }
    }

    private static boolean isGiven(String value) {
        return value != null && !value.isBlank();
    }
}
