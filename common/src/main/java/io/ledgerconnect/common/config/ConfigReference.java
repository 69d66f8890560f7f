package io.ledgerconnect.common.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Renders a connector's settings as a page of Markdown, so that what the reference says is what the code does. */
public final class ConfigReference {
    private static final Pattern RANGE = Pattern.compile("\\[(-?[\\d.E]+)?,?\\.\\.\\.,?(-?[\\d.E]+)?]");
    private static final String CASE_INSENSITIVE = "(case insensitive) ";

    private ConfigReference() {}

    /**
     * The page: the introduction, then a table for each group in the order in which the groups were declared.
     *
     * @param introduction Markdown
     */
    public static String markdown(String title, String introduction, ConfigDef settings) {
        StringBuilder page = new StringBuilder("# " + title + "\n\n" + introduction.strip() + "\n");
        for (String group : settings.groups()) {
            page.append("\n## ").append(group).append("\n\n");
            page.append("| Setting | Type | Default | Valid | Meaning |\n|---|---|---|---|---|\n");
            settings.configKeys().values().stream()
                    .filter(key -> group.equals(key.group) && !key.internalConfig)
                    .sorted(Comparator.comparingInt((ConfigKey key) -> key.orderInGroup)
                            .thenComparing(key -> key.name))
                    .forEach(key -> page.append(row(key)));
        }
        return page.toString();
    }

    private static String row(ConfigKey key) {
        List<String> cells =
                List.of(code(key.name), key.type.name().toLowerCase(Locale.ROOT), value(key), valid(key), text(key));
        return cells.stream().map(ConfigReference::escaped).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String code(String text) {
        return '`' + text + '`';
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    private static String value(ConfigKey key) {
        if (!key.hasDefault()) {
            return "**required**";
        }
        String text = ConfigDef.convertToString(key.defaultValue, key.type);
        return text == null || text.isEmpty() ? "" : code(text);
    }

    private static String valid(ConfigKey key) {
        String rule = key.validator == null ? "" : key.validator.toString();
        Matcher range = RANGE.matcher(rule);
        if (range.matches()) {
            return range(range.group(1), range.group(2));
        }
        if (rule.startsWith(CASE_INSENSITIVE)) {
            return constants(rule.substring(CASE_INSENSITIVE.length()).toLowerCase(Locale.ROOT));
        }
        return rule.startsWith("[") && rule.endsWith("]") ? constants(rule) : rule;
    }

    private static String range(String least, String most) {
        if (most == null) {
            return least + " or more";
        }
        return least == null ? "up to " + most : least + " to " + most;
    }

    /** Kafka keeps them in a set, so they have no order of their own. */
    private static String constants(String list) {
        return Arrays.stream(list.substring(1, list.length() - 1).split(", "))
                .sorted()
                .map(ConfigReference::code)
                .collect(Collectors.joining(", "));
    }

    private static String text(ConfigKey key) {
        return key.documentation == null ? "" : key.documentation;
    }
}
