package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SinkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/** Validates a configuration as it is given over REST: each setting for itself, then against the reporting store. */
public final class ConfigValidation {
    private ConfigValidation() {}

    public static Config validate(Map<String, String> properties) {
        Map<String, ConfigValue> values = SinkSettings.definition(properties).validateAll(properties);
        List<Finding> placeholders = PlaceholderCheck.findings(properties);
        placeholders.forEach(placeholder -> replace(placeholder, values));
        if (values.values().stream().allMatch(value -> value.errorMessages().isEmpty())) {
            add(findings(properties), values);
        }
        add(NameCheck.misspelt(properties), values);
        for (String converter : List.of("key.converter", "value.converter")) {
            rejectConverterWithoutSchemas(converter, properties, values);
        }
        return new Config(List.copyOf(values.values()));
    }

    /** What else is wrong with the setting is wrong with the placeholder only. */
    private static void replace(Finding finding, Map<String, ConfigValue> values) {
        values.put(finding.setting(), undefined(finding.setting()));
        add(List.of(finding), values);
    }

    private static void add(List<Finding> findings, Map<String, ConfigValue> values) {
        findings.forEach(finding -> values.computeIfAbsent(finding.setting(), ConfigValidation::undefined)
                .addErrorMessage(finding.sentence()));
    }

    private static List<Finding> findings(Map<String, String> properties) {
        try {
            SinkConfig config = SinkConfig.parse(properties);
            List<Finding> findings = new ArrayList<>(NameCheck.tables(config, properties));
            findings.addAll(StoreCheck.findings(config));
            return findings;
        } catch (ConfigException e) {
            // What is left concerns the connector's name and topics, which the worker checks itself.
            return List.of(new Finding(SinkSettings.PIPELINE_NAME, e.getMessage()));
        }
    }

    private static ConfigValue undefined(String name) {
        return new ConfigValue(name);
    }

    private static void rejectConverterWithoutSchemas(
            String converter, Map<String, String> properties, Map<String, ConfigValue> values) {
        String name = properties.getOrDefault(converter, "");
        boolean isText = name.endsWith("StringConverter") || name.endsWith("ByteArrayConverter");
        if (isText && converter.startsWith("value")) {
            values.computeIfAbsent(converter, ConfigValidation::undefined)
                    .addErrorMessage(
                            converter + "=" + name
                                    + " gives the sink no columns: use the converter of the source connector, such as io.ledgerconnect.common.json.LedgerJsonConverter");
        }
        String setting = converter + ".schemas.enable";
        if (properties.getOrDefault(converter, "").endsWith("JsonConverter")
                && "false".equalsIgnoreCase(properties.get(setting))) {
            values.computeIfAbsent(setting, ConfigValidation::undefined)
                    .addErrorMessage(
                            setting
                                    + "=false leaves the sink without the types of its columns: set it to true here and in the source connector, or use Avro or Protobuf");
        }
    }
}
