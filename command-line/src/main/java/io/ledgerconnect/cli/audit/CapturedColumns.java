package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which columns are not compared: those that the source connector leaves out, or whose values it hides, and those that
 * the caller names. Expressions match {@code schema.table.column}, as the connector's own settings do.
 */
final class CapturedColumns {
    private static final Pattern COMMA = Pattern.compile(",");
    private static final String EXCLUDED = "column.exclude.list";
    private static final String INCLUDED = "column.include.list";
    private static final Pattern HIDING =
            Pattern.compile("column\\.(mask\\.with\\..+\\.chars|truncate\\.to\\..+\\.chars|mask\\.hmac)");

    private final List<Pattern> excluded = new ArrayList<>();
    private final List<Pattern> included = new ArrayList<>();

    CapturedColumns(Optional<ConnectorSettings> source, List<String> ignored) {
        ignored.forEach(expressions -> add(excluded, expressions));
        source.ifPresent(settings -> {
            settings.get(EXCLUDED).ifPresent(expressions -> add(excluded, expressions));
            settings.get(INCLUDED).ifPresent(expressions -> add(included, expressions));
            settings.matching(HIDING).forEach(expressions -> add(excluded, expressions));
        });
    }

    private static void add(List<Pattern> patterns, String expressions) {
        Stream<String> each = Arrays.stream(COMMA.split(expressions)).map(String::strip);
        each.filter(expression -> !expression.isEmpty())
                .forEach(expression -> patterns.add(Pattern.compile(expression, Pattern.CASE_INSENSITIVE)));
    }

    boolean isCompared(String table, String column) {
        String name = table + '.' + column;
        boolean isIncluded = included.isEmpty() || matches(included, name);
        return isIncluded && !matches(excluded, name);
    }

    private static boolean matches(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
