package io.ledgerconnect.common.json;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The converter's settings, read once.
 *
 * @param known whether every option that is set is one of those here. Kafka adds options with its versions, and one
 *     that this code has never heard of may change everything.
 */
record JsonSettings(
        boolean schemas, int cachedSchemas, boolean decimalsAsNumbers, boolean replaceNullWithDefault, boolean known) {
    private static final String SCHEMAS = "schemas.enable";
    private static final String CACHED_SCHEMAS = "schemas.cache.size";
    private static final String DECIMAL_FORMAT = "decimal.format";
    private static final String REPLACE_NULL_WITH_DEFAULT = "replace.null.with.default";
    private static final Set<String> KNOWN =
            Set.of("converter.type", SCHEMAS, CACHED_SCHEMAS, DECIMAL_FORMAT, REPLACE_NULL_WITH_DEFAULT);

    /**
     * Reads what the worker's version of Kafka's converter defines.
     *
     * @throws org.apache.kafka.common.config.ConfigException as Kafka's converter would
     */
    static JsonSettings of(ConfigDef definition, Map<String, ?> configs) {
        Map<String, Object> values = definition.parse(configs);
        return new JsonSettings(
                (Boolean) values.get(SCHEMAS),
                (Integer) values.get(CACHED_SCHEMAS),
                "NUMERIC".equalsIgnoreCase((String) values.get(DECIMAL_FORMAT)),
                // Before 3.7 there was no such option, and this was what happened.
                !Boolean.FALSE.equals(values.get(REPLACE_NULL_WITH_DEFAULT)),
                definition.configKeys().values().stream().allMatch(key -> isKnown(key, values)));
    }

    private static boolean isKnown(ConfigDef.ConfigKey key, Map<String, Object> values) {
        return KNOWN.contains(key.name) || Objects.equals(values.get(key.name), key.defaultValue);
    }
}
