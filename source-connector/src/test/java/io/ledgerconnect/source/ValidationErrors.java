package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;

/** The errors of one validation by setting. */
record ValidationErrors(Map<String, List<String>> bySetting) {
    static ValidationErrors of(Map<String, String> settings) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConfigValue value : new LedgerSourceConnector().validate(settings).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return new ValidationErrors(errors);
    }

    void expectOne(String setting, String secret, String... words) {
        assertThat(bySetting).containsOnlyKeys(setting);
        assertThat(bySetting.get(setting))
                .singleElement()
                .asString()
                .satisfies(sentence ->
                        List.of(words).forEach(word -> assertThat(sentence).contains(word)))
                .doesNotContain(secret, "Exception", "\tat ", "\n")
                .hasSizeBetween(10, 600);
    }
}
