package io.ledgerconnect.sink.config;

import io.ledgerconnect.sink.config.Rollup.Bucket;
import io.ledgerconnect.sink.config.Rollup.Function;
import io.ledgerconnect.sink.config.Rollup.Group;
import io.ledgerconnect.sink.config.Rollup.Measure;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The settings of rollups: {@code table.TABLE.rollup…}. */
public final class RollupSettings {
    private static final String GROUP = "Rollups";
    private static final String NAMES = ".rollup";
    private static final String TABLE = "table";
    private static final String BY = "by";
    private static final String COLUMNS = "columns";
    private static final String WHERE = "where";

    private static final Pattern LIST = Pattern.compile("table\\.(.+?)\\.rollup");
    private static final Pattern OF_NAME = Pattern.compile("table\\.(.+?)\\.rollup\\.([^.]+)\\.(.+)");
    private static final Pattern RENAMED = Pattern.compile("(.+?)\\s+(?i:as)\\s+(.+)", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("([A-Za-z]+)\\s*\\((.*)\\)", Pattern.DOTALL);
    /** What the server keeps of a name, unless it was built otherwise. */
    private static final int MOST_BYTES_OF_NAME = 63;

    /** Columns that a rollup's table has besides its own. */
    private static final Set<String> RESERVED = Set.of("_group", "_rows", "_lsn", "_ordinal");

    private RollupSettings() {}

    /** The table that such a setting is about, or null. */
    static String tableOf(String key) {
        for (Pattern pattern : List.of(LIST, OF_NAME)) {
            Matcher matcher = pattern.matcher(key);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    public static String names(String table) {
        return "table." + table + NAMES;
    }

    private static String of(String table, String name, String setting) {
        return names(table) + '.' + name + '.' + setting;
    }

    public static String table(String table, Rollup rollup) {
        return of(table, rollup.name(), TABLE);
    }

    public static String by(String table, Rollup rollup) {
        return of(table, rollup.name(), BY);
    }

    public static String columns(String table, Rollup rollup) {
        return of(table, rollup.name(), COLUMNS);
    }

    public static String where(String table, Rollup rollup) {
        return of(table, rollup.name(), WHERE);
    }

    /** Defines a setting of a rollup, and those that it needs; false when it is none. */
    static boolean define(ConfigDef definition, Map<String, String> given, String key) {
        Matcher list = LIST.matcher(key);
        Matcher ofName = OF_NAME.matcher(key);
        if (list.matches()) {
            String table = list.group(1);
            define(
                    definition,
                    key,
                    "",
                    RollupSettings::requireNames,
                    "Names for the rollups of " + table
                            + ", tables of sums over its rows that are kept up in the transactions that write these. See"
                            + " docs/rollups.md.");
            for (String name : listed(given.get(key))) {
                List.of(TABLE, BY, COLUMNS).forEach(setting -> defineSetting(definition, table, name, setting));
            }
        } else if (ofName.matches()) {
            defineOfName(definition, given, key, ofName);
        }
        return list.matches() || ofName.matches();
    }

    private static void defineOfName(ConfigDef definition, Map<String, String> given, String key, Matcher matcher) {
        String table = matcher.group(1);
        String name = matcher.group(2);
        if (listed(given.get(names(table))).contains(name)) {
            defineSetting(definition, table, name, matcher.group(3));
        } else {
            reject(definition, key, "has no effect: add " + name + " to " + names(table) + ", or take it out");
        }
    }

    private static void defineSetting(ConfigDef definition, String table, String name, String setting) {
        String key = of(table, name, setting);
        if (definition.names().contains(key)) {
            return;
        }
        switch (setting) {
            case TABLE ->
                define(
                        definition,
                        key,
                        ConfigDef.NO_DEFAULT_VALUE,
                        RollupSettings::requireName,
                        "The table of the rollup, which the sink creates. Without a schema it is in that of " + table
                                + ".");
            case BY ->
                define(
                        definition,
                        key,
                        ConfigDef.NO_DEFAULT_VALUE,
                        RollupSettings::groups,
                        "By what rows of " + table
                                + " are summed up together, divided by commas: COLUMN, or the minute,"
                                + " hour, day, week, month, quarter or year of one, as in day(created_at, Asia/Seoul); each with"
                                + " as NAME if you like.");
            case COLUMNS ->
                define(
                        definition,
                        key,
                        ConfigDef.NO_DEFAULT_VALUE,
                        RollupSettings::measures,
                        "What is told of each group, divided by commas: count(*), count(COLUMN), sum(COLUMN), min(COLUMN),"
                                + " max(COLUMN), last(COLUMN); each with as NAME if you like.");
            case WHERE ->
                define(
                        definition,
                        key,
                        "",
                        SqlExpression::check,
                        "Which rows of " + table
                                + " count: an SQL expression over their columns, such as amount > 0. No"
                                + " subqueries, and no functions that are not immutable.");
            default ->
                reject(
                        definition,
                        key,
                        "is not a setting of a rollup; there are " + String.join(", ", TABLE, BY, COLUMNS, WHERE));
        }
    }

    private static void reject(ConfigDef definition, String key, String sentence) {
        define(
                definition,
                key,
                null,
                value -> {
                    throw new IllegalArgumentException(sentence);
                },
                "Without effect.");
    }

    private static void define(
            ConfigDef definition, String key, Object defaultValue, Consumer<String> check, String text) {
        int order = (int) definition.configKeys().values().stream()
                .filter(known -> GROUP.equals(known.group))
                .count();
        definition.define(
                key,
                ConfigDef.Type.STRING,
                defaultValue,
                ConfigDef.LambdaValidator.with((name, value) -> check(name, (String) value, check), () -> ""),
                Importance.MEDIUM,
                text,
                GROUP,
                order + 1,
                Width.LONG,
                key);
    }

    /** ConfigDef checks defaults too, and null where nothing is set. */
    private static void check(String name, String value, Consumer<String> check) {
        if (value == null || value.isEmpty()) {
            return;
        }
        try {
            check.accept(value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name + " " + e.getMessage());
        }
    }

    static List<Rollup> parse(AbstractConfig config, String table) {
        Map<String, ?> values = config.values();
        List<Rollup> rollups = new ArrayList<>();
        for (String name : listed((String) values.get(names(table)))) {
            String where = (String) values.get(of(table, name, WHERE));
            rollups.add(new Rollup(
                    name,
                    (String) values.get(of(table, name, TABLE)),
                    groups((String) values.get(of(table, name, BY))),
                    measures((String) values.get(of(table, name, COLUMNS))),
                    Optional.ofNullable(where).filter(text -> !text.isBlank())));
        }
        return List.copyOf(rollups);
    }

    private static List<Group> groups(String value) {
        List<Group> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String item : listed(value)) {
            Named named = Named.of(item);
            Matcher call = CALL.matcher(named.text);
            groups.add(
                    call.matches()
                            ? bucket(named, call)
                            : new Group(
                                    requireNew(named.nameOr(named.text), names),
                                    requireName(named.text),
                                    Optional.empty(),
                                    Optional.empty()));
            if (call.matches()) {
                requireNew(groups.get(groups.size() - 1).name(), names);
            }
        }
        return requireSome(groups);
    }

    private static Group bucket(Named named, Matcher call) {
        Bucket bucket = Arrays.stream(Bucket.values())
                .filter(known -> known.unit().equals(call.group(1).toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("has " + call.group(1)
                        + "(…), and there are minute, hour, day, week, month, quarter and year"));
        List<String> arguments = listed(call.group(2));
        if (arguments.isEmpty() || arguments.size() > 2) {
            throw new IllegalArgumentException("must be " + bucket.unit() + "(COLUMN) or " + bucket.unit()
                    + "(COLUMN, ZONE) with a time zone such as Asia/Seoul");
        }
        Optional<String> zone = arguments.size() == 2 ? Optional.of(zone(arguments.get(1))) : Optional.empty();
        return new Group(named.nameOr(bucket.unit()), requireName(arguments.get(0)), Optional.of(bucket), zone);
    }

    /** A name of the zone database; the server knows the same ones. */
    private static String zone(String text) {
        String name = text.replaceAll("^'|'$", "");
        try {
            ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("has no time zone " + name + "; write a name such as Asia/Seoul or UTC");
        }
        if (name.startsWith("+") || name.startsWith("-") || name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("has the time zone " + name
                    + ", which servers read with the sign the other way round: write a name such as Asia/Seoul");
        }
        return name;
    }

    private static List<Measure> measures(String value) {
        List<Measure> measures = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String item : listed(value)) {
            Named named = Named.of(item);
            Matcher call = CALL.matcher(named.text);
            if (!call.matches()) {
                throw new IllegalArgumentException(
                        "has " + named.text
                                + ", and there are count(*), count(COLUMN), sum(COLUMN), min(COLUMN), max(COLUMN) and last(COLUMN)");
            }
            Function function = Arrays.stream(Function.values())
                    .filter(known -> known.name().equalsIgnoreCase(call.group(1)))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException(
                                    "has " + call.group(1)
                                            + "(…), and there are count, sum, min, max and last. An average is a sum divided by a count"));
            String column = call.group(2).strip();
            boolean rows = column.equals("*");
            if (rows && function != Function.COUNT) {
                throw new IllegalArgumentException("must name the column of " + call.group(1));
            }
            String lower = function.name().toLowerCase(Locale.ROOT);
            String name = requireNew(named.nameOr(rows ? lower : lower + '_' + column), names);
            measures.add(new Measure(name, function, rows ? Optional.empty() : Optional.of(requireName(column))));
        }
        return requireSome(measures);
    }

    /** An item of a list and the name that it is given. */
    private record Named(String text, Optional<String> name) {
        static Named of(String item) {
            Matcher renamed = RENAMED.matcher(item);
            return renamed.matches()
                    ? new Named(
                            renamed.group(1).strip(),
                            Optional.of(requireName(renamed.group(2).strip())))
                    : new Named(item, Optional.empty());
        }

        String nameOr(String otherwise) {
            return requireName(name.orElse(otherwise));
        }
    }

    private static String requireNew(String name, Set<String> names) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("names two columns " + name + ": give one another name, with as NAME");
        }
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException(
                    "has a column " + name + ", which the sink keeps itself: give it another name, with as NAME");
        }
        return name;
    }

    /** Divided by commas, but for those in parentheses. */
    private static List<String> listed(String value) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        String text = value == null ? "" : value;
        for (int at = 0; at <= text.length(); at++) {
            char next = at < text.length() ? text.charAt(at) : ',';
            depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            if (next == ',' && (depth <= 0 || at == text.length())) {
                items.add(text.substring(begin, at).strip());
                begin = at + 1;
            }
        }
        items.removeIf(String::isEmpty);
        return items;
    }

    private static void requireNames(String value) {
        for (String name : listed(value)) {
            if (!name.matches("[A-Za-z0-9_-]+")) {
                throw new IllegalArgumentException("has the name " + name + "; letters, digits, _ and - make one");
            }
        }
    }

    private static <T> List<T> requireSome(List<T> items) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException("names no column");
        }
        return List.copyOf(items);
    }

    private static String requireName(String name) {
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("has an empty name");
        }
        if (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MOST_BYTES_OF_NAME) {
            throw new IllegalArgumentException("has the name " + name + ", which is longer than the "
                    + MOST_BYTES_OF_NAME + " bytes that the server keeps of one");
        }
        return name;
    }
}
