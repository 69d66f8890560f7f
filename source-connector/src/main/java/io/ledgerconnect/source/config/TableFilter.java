package io.ledgerconnect.source.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Regular expressions that include or exclude names of tables, columns or messages; each must match all of a name, in
 * any case.
 */
public final class TableFilter {
    private final List<Pattern> included;
    private final List<Pattern> excluded;

    TableFilter(List<String> included, List<String> excluded) {
        this.included = compile(included);
        this.excluded = compile(excluded);
    }

    private static List<Pattern> compile(List<String> expressions) {
        return expressions.stream()
                .map(String::trim)
                .filter(expression -> !expression.isEmpty())
                .map(expression -> Pattern.compile(expression, Pattern.CASE_INSENSITIVE))
                .toList();
    }

    public boolean includes(String qualifiedName) {
        return (included.isEmpty() || matches(included, qualifiedName)) && !matches(excluded, qualifiedName);
    }

    /** Expressions of the include list that match none of the names: probably a spelling mistake. */
    public List<String> unmatched(List<String> qualifiedNames) {
        return included.stream()
                .filter(pattern -> qualifiedNames.stream()
                        .noneMatch(name -> pattern.matcher(name).matches()))
                .map(Pattern::pattern)
                .toList();
    }

    /** How to exclude tables; the two lists may not be given together. */
    public String advice(String tables) {
        return included.isEmpty()
                ? "leave " + tables + " out with table.exclude.list"
                : "take " + tables + " out of table.include.list";
    }

    private static boolean matches(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
