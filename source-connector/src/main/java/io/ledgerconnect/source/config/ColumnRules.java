package io.ledgerconnect.source.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.types.Password;

/**
 * Settings that hide what is personal in the values of columns: {@code column.truncate.to.LENGTH.chars} and
 * {@code column.mask.with.LENGTH.chars}, with Debezium's names and meanings, and {@code column.mask.hmac}. Each lists
 * regular expressions that match all of {@code schema.table.column}. Immutable; safe for use by any thread.
 */
public final class ColumnRules {
    private static final Pattern WITH_LENGTH =
            Pattern.compile("(column\\.truncate\\.to|column\\.mask\\.with)\\.(.*)\\.chars");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,6}");
    private static final Map.Entry<String, String> MASKED = Map.entry("masked", "true");
    private static final String TRUNCATE = "column.truncate.to";
    /** Fewer characters could be found by trying. */
    private static final int SHORTEST_KEY = 16;

    public static final String HMAC_KEY = SourceSettings.COLUMN_MASK_HMAC_KEY;

    private final List<Rule> rules;

    /**
     * One setting.
     *
     * @param hide makes of a value, never null, what is sent instead
     * @param parameter tells in the column's schema what was done, under Debezium's name
     * @param fitsKeys whether different values stay different
     */
    public record Rule(
            String setting,
            List<Pattern> columns,
            UnaryOperator<String> hide,
            Map.Entry<String, String> parameter,
            boolean fitsKeys) {
        public boolean matches(String column) {
            return columns.stream()
                    .anyMatch(expression -> expression.matcher(column).matches());
        }
    }

    private ColumnRules(List<Rule> rules) {
        this.rules = rules;
    }

    static ColumnRules parse(Map<String, String> given, List<String> hmacColumns, Password hmacKey) {
        List<Rule> rules = new ArrayList<>();
        new TreeMap<>(given).forEach((name, value) -> {
            Matcher setting = WITH_LENGTH.matcher(name);
            if (setting.matches() && value != null && problem(name, value).isEmpty()) {
                int length = Integer.parseInt(setting.group(2));
                boolean truncates = setting.group(1).equals(TRUNCATE);
                String mask = "*".repeat(truncates ? 0 : length);
                UnaryOperator<String> hide = truncates ? text -> truncated(text, length) : text -> mask;
                Map.Entry<String, String> parameter =
                        truncates ? Map.entry("truncateLength", Integer.toString(length)) : MASKED;
                rules.add(new Rule(name, patterns(Arrays.asList(value.split(","))), hide, parameter, false));
            }
        });
        if (!hmacColumns.isEmpty() && hmacKey != null) {
            UnaryOperator<String> hmac = new KeyedHash(hmacKey.value());
            rules.add(new Rule(SourceSettings.COLUMN_MASK_HMAC, patterns(hmacColumns), hmac, MASKED, true));
        }
        return new ColumnRules(List.copyOf(rules));
    }

    /** Whether a setting is one of those with a length in their names. */
    public static boolean hasLength(String setting) {
        return WITH_LENGTH.matcher(setting).matches();
    }

    /** What is wrong with a setting of which {@link #hasLength}, as the end of a sentence. */
    public static Optional<String> problem(String name, String value) {
        Matcher setting = WITH_LENGTH.matcher(name);
        if (setting.matches() && !LENGTH.matcher(setting.group(2)).matches()) {
            return Optional.of("needs a number of characters in its name, such as " + setting.group(1) + ".4.chars");
        }
        try {
            boolean none = patterns(Arrays.asList(value.split(","))).isEmpty();
            return none ? Optional.of("names no columns") : Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(
                    "must be regular expressions divided by commas, of which '" + e.getPattern() + "' is none");
        }
    }

    private static List<Pattern> patterns(List<String> expressions) {
        return expressions.stream()
                .map(String::trim)
                .filter(expression -> !expression.isEmpty())
                .map(expression -> Pattern.compile(expression, Pattern.CASE_INSENSITIVE))
                .toList();
    }

    /** Characters are Unicode's, as PostgreSQL counts them: none is cut in two. */
    private static String truncated(String text, int length) {
        return text.length() <= length || text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length));
    }

    /** Whether a setting masks by a rule that there is not here. */
    public static boolean isUnknownMask(String setting) {
        return setting.startsWith("column.mask.")
                && !hasLength(setting)
                && !SourceSettings.DEFINITION.names().contains(setting);
    }

    /** What is wrong with the key of {@code column.mask.hmac}, as a sentence without the key. */
    public static Optional<String> keyProblem(Map<String, String> given) {
        String columns = given.get(SourceSettings.COLUMN_MASK_HMAC);
        String key = given.get(HMAC_KEY);
        if (columns == null || columns.isBlank() || (key != null && key.length() >= SHORTEST_KEY)) {
            return Optional.empty();
        }
        return Optional.of((key == null || key.isEmpty()
                        ? "There is no " + HMAC_KEY
                        : HMAC_KEY + " is short enough to be found by trying")
                + ", and without a secret key a hash gives away what it was made of. Give it " + SHORTEST_KEY
                + " characters or more, from a config provider of the worker, such as ${file:/path/secrets:hmac.key}.");
    }

    /** A sentence about a column that several rules name. */
    public static String ambiguous(String column, List<Rule> named) {
        return "Column " + column + " is named by " + named.get(0).setting() + " as well as by "
                + named.get(1).setting() + ". Name it in one of them.";
    }

    public List<Rule> all() {
        return rules;
    }

    /** The rules of a column, {@code schema.table.column}. */
    public List<Rule> of(String column) {
        return rules.stream().filter(rule -> rule.matches(column)).toList();
    }
}
