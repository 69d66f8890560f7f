package io.ledgerconnect.source.check;

import io.ledgerconnect.source.config.SourceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions of {@code table.include.list} that match nothing: one sentence for each, or for each missing schema. */
final class IncludeListChecks {
    private static final String SETTING = "table.include.list";
    /** A plain name before the first dot. */
    private static final Pattern SCHEMA = Pattern.compile("(\\w+)\\\\?\\..*");

    private IncludeListChecks() {}

    /** @param names of all tables, {@code schema.table} */
    static List<Finding> findings(SourceConfig config, List<String> names) {
        String database = config.connection().database();
        Map<String, List<String>> bySchema = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (String expression : config.tables().unmatched(names)) {
            Matcher schema = SCHEMA.matcher(expression);
            if (schema.matches() && !isThere(schema.group(1), names)) {
                bySchema.computeIfAbsent(schema.group(1), name -> new ArrayList<>())
                        .add(expression);
            } else {
                findings.add(new Finding(
                        SETTING,
                        "'" + expression + "' matches no table of database '" + database
                                + "'. An expression must match all of SCHEMA.TABLE, such as public\\.transfers."));
            }
        }
        bySchema.forEach(
                (schema, expressions) -> findings.add(
                        new Finding(
                                SETTING,
                                "Database '" + database + "' has no table in a schema '" + schema
                                        + "', so nothing matches "
                                        + String.join(", ", expressions)
                                        + ". Look at the spelling and at database.dbname; an expression must match all of SCHEMA.TABLE.")));
        return findings;
    }

    private static boolean isThere(String schema, List<String> names) {
        String prefix = schema.toLowerCase(Locale.ROOT) + '.';
        return names.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith(prefix));
    }
}
