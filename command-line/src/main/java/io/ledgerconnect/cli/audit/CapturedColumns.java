package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How columns are compared: as they are; by what the source connector makes of their values; under another name in the
 * reporting table; or not at all. Expressions match {@code schema.table.column}, as the connector's own settings do.
 */
final class CapturedColumns {
    private static final Pattern COMMA = Pattern.compile(",");
    private static final String EXCLUDED = "column.exclude.list";
    private static final String INCLUDED = "column.include.list";
    private static final String HMAC = "column.mask.hmac";
    private static final Pattern MASK = Pattern.compile("column\\.mask\\.with\\.(\\d{1,6})\\.chars");
    private static final Pattern TRUNCATE = Pattern.compile("column\\.truncate\\.to\\.(\\d{1,6})\\.chars");
    private static final Pattern RENAME = Pattern.compile("([^=]+\\.[^=]+\\.[^=]+)=(.+)");

    /** Expressions of one origin. */
    private record Named(String origin, List<Pattern> expressions) {
        boolean matches(String column) {
            return expressions.stream().anyMatch(each -> each.matcher(column).matches());
        }
    }

    private record Ruled(Named columns, ColumnRule rule) {}

    private final List<Named> excluded = new ArrayList<>();
    private final List<Named> included = new ArrayList<>();
    private final List<Ruled> rules = new ArrayList<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();
    private final boolean hasHmacKey;

    /**
     * @param ignored expressions that the caller gives
     * @param renames {@code schema.table.column=reporting_column}
     */
    CapturedColumns(
            Optional<ConnectorSettings> source, List<String> ignored, List<String> renames, Optional<HmacKey> hmacKey) {
        hasHmacKey = hmacKey.isPresent();
        ignored.forEach(expressions -> excluded.add(named("--ignore-column", expressions)));
        renames.forEach(this::rename);
        source.ifPresent(settings -> {
            settings.get(EXCLUDED).ifPresent(expressions -> excluded.add(named(EXCLUDED, expressions)));
            settings.get(INCLUDED).ifPresent(expressions -> included.add(named(INCLUDED, expressions)));
            settings.get(HMAC)
                    .ifPresent(expressions -> rules.add(new Ruled(named(HMAC, expressions), ColumnRule.hmac(HMAC))));
            addRules(settings, MASK, setting -> ColumnRule.mask(setting.group(), length(setting)));
            addRules(settings, TRUNCATE, setting -> ColumnRule.truncate(setting.group(), length(setting)));
        });
    }

    private static int length(Matcher setting) {
        return Integer.parseInt(setting.group(1));
    }

    private void addRules(ConnectorSettings settings, Pattern names, Function<Matcher, ColumnRule> rule) {
        settings.matching(names).forEach((name, expressions) -> {
            Matcher setting = names.matcher(name);
            if (setting.matches()) {
                rules.add(new Ruled(named(name, expressions), rule.apply(setting)));
            }
        });
    }

    private static Named named(String origin, String expressions) {
        return new Named(
                origin,
                Arrays.stream(COMMA.split(expressions))
                        .map(String::strip)
                        .filter(expression -> !expression.isEmpty())
                        .map(expression -> Pattern.compile(expression, Pattern.CASE_INSENSITIVE))
                        .toList());
    }

    private void rename(String text) {
        Matcher rename = RENAME.matcher(text);
        if (!rename.matches()) {
            throw new CommandException(
                    "--rename-column " + text + " does not read schema.table.column=reporting_column.");
        }
        renamed.put(rename.group(1), rename.group(2));
    }

    /** The column's name in the reporting table. */
    String reportingName(String table, String column) {
        return renamed.getOrDefault(table + '.' + column, column);
    }

    /** Why a column is not compared; empty where it is. */
    Optional<String> whyNot(String table, Column column) {
        String name = table + '.' + column.name();
        for (Named each : excluded) {
            if (each.matches(name)) {
                return Optional.of(each.origin);
            }
        }
        if (!included.isEmpty() && included.stream().noneMatch(each -> each.matches(name))) {
            return Optional.of("not in " + INCLUDED);
        }
        return rule(table, column).flatMap(rule -> whyNot(rule, column));
    }

    private Optional<String> whyNot(ColumnRule rule, Column column) {
        if (!ColumnRule.fits(column)) {
            return Optional.of(rule.setting() + " cannot be done in SQL with a value of type " + column.type());
        }
        boolean lacksKey = rule.setting().equals(HMAC) && !hasHmacKey;
        return lacksKey
                ? Optional.of(
                        HMAC + ", whose key is not known here: give --hmac-key-file or " + AuditOptions.HMAC_VARIABLE)
                : Optional.empty();
    }

    /** What the source makes of a column's values. */
    Optional<ColumnRule> rule(String table, Column column) {
        String name = table + '.' + column.name();
        return rules.stream()
                .filter(ruled -> ruled.columns.matches(name))
                .map(Ruled::rule)
                .findFirst();
    }
}
