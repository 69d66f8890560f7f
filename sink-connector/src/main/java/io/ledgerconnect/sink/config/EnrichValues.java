package io.ledgerconnect.sink.config;

import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.Enrichment.EnrichedColumn;
import io.ledgerconnect.sink.config.Enrichment.JoinColumn;
import io.ledgerconnect.sink.config.Enrichment.Missing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the values of the settings of enrichment. What is wrong is said by an {@link IllegalArgumentException}, whose
 * sentence goes on after the setting's name.
 */
final class EnrichValues {
    private static final Pattern RENAMED = Pattern.compile("(.+?)\\s+(?i:as)\\s+(.+)");
    /** What the server keeps of a name, unless it was built otherwise. */
    private static final int MOST_BYTES_OF_NAME = 63;

    private EnrichValues() {}

    static Duration millis(String value) {
        try {
            long millis = Long.parseLong(value.trim());
            if (millis >= 0) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("must be a number of milliseconds, from 0");
    }

    static Missing then(String value) {
        Missing then = missing(value);
        if (then == Missing.WAIT) {
            throw new IllegalArgumentException("must be repair, null or quarantine");
        }
        return then;
    }

    static List<String> listed(String value) {
        return value == null ? List.of() : parts(value, ",").toList();
    }

    private static Stream<String> parts(String value, String divider) {
        return Stream.of(value.split(divider, -1)).map(String::trim).filter(part -> !part.isEmpty());
    }

    static List<JoinColumn> joinColumns(String value) {
        List<JoinColumn> columns = parts(value, ",")
                .map(pair -> {
                    String[] names = pair.split("=", -1);
                    if (names.length > 2) {
                        throw new IllegalArgumentException("must be COLUMN = DIMENSION_COLUMN, divided by commas");
                    }
                    return new JoinColumn(requireName(names[0].trim()), requireName(names[names.length - 1].trim()));
                })
                .toList();
        requireSome(columns);
        return columns;
    }

    static List<EnrichedColumn> enrichedColumns(String value) {
        List<EnrichedColumn> columns = parts(value, ",")
                .map(column -> {
                    Matcher renamed = RENAMED.matcher(column);
                    return renamed.matches()
                            ? new EnrichedColumn(requireName(renamed.group(1)), requireName(renamed.group(2)))
                            : new EnrichedColumn(requireName(column), column);
                })
                .toList();
        requireSome(columns);
        return columns;
    }

    static AsOf asOf(String value, String valid) {
        if (value == null || value.equals("position")) {
            return new AsOf.Position();
        }
        List<String> validity = validity(valid);
        return value.equals("current") ? new AsOf.Current() : new AsOf.Time(value, validity.get(0), validity.get(1));
    }

    static List<String> validity(String value) {
        List<String> columns = parts(value, ",").map(EnrichValues::requireName).toList();
        if (columns.size() != 2) {
            throw new IllegalArgumentException("must name two columns: since when, and until when");
        }
        return columns;
    }

    static Missing missing(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "null" -> Missing.NULL;
            case "repair" -> Missing.REPAIR;
            case "quarantine" -> Missing.QUARANTINE;
            case "wait" -> Missing.WAIT;
            default -> throw new IllegalArgumentException("must be repair, null, quarantine or wait");
        };
    }

    private static void requireSome(List<?> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("names no column");
        }
    }

    static String requireName(String name) {
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("has an empty name");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES_OF_NAME) {
            throw new IllegalArgumentException("has the name " + name + ", which is longer than the "
                    + MOST_BYTES_OF_NAME + " bytes that the server keeps of one");
        }
        return name;
    }
}
