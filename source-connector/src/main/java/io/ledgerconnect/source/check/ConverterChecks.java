package io.ledgerconnect.source.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converters of Connect's own that records do not survive: they take one primitive type, or make text of everything.
 * Others are not judged, nor is the worker's default, which is not among the settings.
 */
final class ConverterChecks {
    private static final Set<String> PRIMITIVE =
            Set.of("ByteArray", "Boolean", "Short", "Integer", "Long", "Float", "Double");

    private ConverterChecks() {}

    static List<Finding> findings(Map<String, String> given) {
        List<Finding> findings = new ArrayList<>();
        structured("key.converter", given, findings);
        structured("value.converter", given, findings);
        String header = given.get("header.converter");
        if (header != null && PRIMITIVE.contains(shortName(header))) {
            findings.add(new Finding(
                    "header.converter",
                    header + " does not take text, so no record could be sent: the header ledger.position, which says"
                            + " where a change stands, is text. Use org.apache.kafka.connect.storage.StringConverter, or"
                            + " a JsonConverter."));
        }
        return findings;
    }

    private static void structured(String setting, Map<String, String> given, List<Finding> findings) {
        String converter = given.get(setting);
        if (converter != null
                && (PRIMITIVE.contains(shortName(converter))
                        || shortName(converter).equals("String"))) {
            findings.add(new Finding(
                    setting,
                    converter + " does not keep the columns of a row apart, so no sink could read them again. Use"
                            + " io.ledgerconnect.common.json.LedgerJsonConverter, Kafka's JsonConverter, or one with a"
                            + " schema registry, and the same in the sink."));
        }
    }

    /** As Connect abbreviates classes of plugins. */
    private static String shortName(String converter) {
        return converter.trim().replaceFirst(".*\\.", "").replaceFirst("Converter$", "");
    }
}
