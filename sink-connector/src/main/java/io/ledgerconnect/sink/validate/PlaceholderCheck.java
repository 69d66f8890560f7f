package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.SinkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings that hold a placeholder such as {@code ${env:PASSWORD}}: the worker fills them in before it hands a
 * configuration on, and leaves those as they are that it has no provider or no value for.
 */
final class PlaceholderCheck {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^{}:]+):[^{}]+}");

    private PlaceholderCheck() {}

    static List<Finding> findings(Map<String, String> properties) {
        List<Finding> findings = new ArrayList<>();
        for (String setting : SinkSettings.definition(properties).names()) {
            Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(properties.get(setting)));
            boolean secret = setting.equals(SinkSettings.CONNECTION_PASSWORD);
            if (secret ? placeholder.matches() : placeholder.find()) {
                String what = secret ? "a placeholder" : "the placeholder " + placeholder.group();
                findings.add(new Finding(
                        setting,
                        setting + " still holds " + what + ", which the worker did not fill in: its properties need"
                                + " config.providers=" + placeholder.group(1) + " with the provider's class, and the"
                                + " provider needs a value of that name"));
            }
        }
        return findings;
    }
}
