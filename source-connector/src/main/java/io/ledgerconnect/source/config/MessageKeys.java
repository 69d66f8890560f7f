package io.ledgerconnect.source.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The setting {@code message.key.columns}: which columns make a table's key in place of its primary key. */
public final class MessageKeys {
    private final List<Rule> rules;

    private record Rule(Pattern tables, List<String> columns) {}

    private MessageKeys(List<Rule> rules) {
        this.rules = rules;
    }

    static MessageKeys parse(String setting) {
        List<Rule> rules = new ArrayList<>();
        for (String rule : setting.split(";")) {
            if (!rule.isBlank()) {
                rules.add(rule(rule.trim()));
            }
        }
        return new MessageKeys(List.copyOf(rules));
    }

    private static Rule rule(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw new IllegalArgumentException(text);
        }
        return new Rule(
                Pattern.compile(text.substring(0, colon), Pattern.CASE_INSENSITIVE),
                Arrays.stream(text.substring(colon + 1).split(","))
                        .map(String::trim)
                        .toList());
    }

    static boolean isValid(String setting) {
        try {
            parse(setting);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The key columns that the setting gives a table, if it does. */
    public Optional<List<String>> columns(String qualifiedName) {
        return rules.stream()
                .filter(rule -> rule.tables.matcher(qualifiedName).matches())
                .map(Rule::columns)
                .findFirst();
    }
}
