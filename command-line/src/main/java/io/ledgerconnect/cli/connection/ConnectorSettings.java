package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connector's configuration as REST shows it: with the placeholders of config providers, which only the worker fills
 * in. Those of the environment ({@code ${env:NAME}}) are filled in from this program's, where it has the variable.
 */
public final class ConnectorSettings {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^{}:]+):([^{}]+)}");

    private final String connector;
    private final Map<String, String> settings;
    private final Environment environment;

    public ConnectorSettings(String connector, Map<String, String> settings, Environment environment) {
        this.connector = connector;
        this.settings = Map.copyOf(settings);
        this.environment = environment;
    }

    public String connector() {
        return connector;
    }

    public Optional<String> get(String setting) {
        return Optional.ofNullable(settings.get(setting));
    }

    /** All settings whose names match. */
    public Map<String, String> matching(Pattern names) {
        Map<String, String> found = new TreeMap<>(settings);
        found.keySet().removeIf(name -> !names.matcher(name).matches());
        return found;
    }

    /** All of them, with the placeholders. */
    public Map<String, String> all() {
        return settings;
    }

    /** Fails unless the connector is of this class. */
    public void requireClass(String name, String kind) {
        String found = settings.getOrDefault("connector.class", "");
        if (!found.substring(found.lastIndexOf('.') + 1).equals(name)) {
            throw new CommandException("Connector " + connector + " is no " + kind + ", its class is " + found + ".");
        }
    }

    /**
     * A setting without placeholders.
     *
     * @param instead the option and variable by which it can be given here
     * @throws CommandException when a placeholder cannot be filled in
     */
    public Optional<String> resolved(String setting, String instead) {
        return get(setting)
                .map(value -> PLACEHOLDER
                        .matcher(value)
                        .replaceAll(match -> Matcher.quoteReplacement(
                                replacement(setting, match.group(1), match.group(2), instead))));
    }

    /** A setting without placeholders; empty where it is not given, or one cannot be filled in. */
    public Optional<String> resolvedIfKnown(String setting) {
        try {
            return resolved(setting, "");
        } catch (CommandException e) {
            return Optional.empty();
        }
    }

    private String replacement(String setting, String provider, String name, String instead) {
        String value = provider.equals("env") ? environment.get(name) : null;
        if (value == null) {
            throw new CommandException("Connector " + connector + " takes " + setting + " from its worker's provider '"
                    + provider + "', which Connect's REST API does not show: give it by " + instead
                    + (provider.equals("env") ? ", or set " + name : "") + '.');
        }
        return value;
    }
}
