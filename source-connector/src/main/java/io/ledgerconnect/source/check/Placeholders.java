package io.ledgerconnect.source.check;

import io.ledgerconnect.source.config.SourceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings of this connector in which the worker has left what it should have replaced ({@code config.providers}). */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]+):[^}]*}");

    private Placeholders() {}

    static List<Finding> findings(Map<String, String> given) {
        List<Finding> findings = new ArrayList<>();
        for (String name : SourceSettings.DEFINITION.names()) {
            String value = given.get(name);
            Matcher placeholder = value == null ? null : PLACEHOLDER.matcher(value);
            if (placeholder != null && placeholder.find()) {
                findings.add(new Finding(name, unresolved(name, placeholder.group(), placeholder.group(1))));
            }
        }
        return findings;
    }

    private static String unresolved(String setting, String placeholder, String provider) {
        return setting + " still holds the placeholder " + placeholder
                + ": the worker has put nothing in its place. Either its properties name no provider '" + provider
                + "' in config.providers, or that provider has no such entry"
                + (provider.equals("env") ? " (an environment variable of the worker's process)" : "")
                + ". Give the worker what is missing and restart it, or write the value itself.";
    }
}
