package io.ledgerconnect.sink.config;

import io.ledgerconnect.sink.config.Enrichment.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The settings of enrichment: {@code table.TABLE.enrich…} and {@code table.TABLE.compute.COLUMN}. */
public final class EnrichSettings {
    private static final String GROUP = "Enrichment";
    private static final String NAMES = ".enrich";
    private static final String COMPUTE = ".compute.";
    private static final String TABLE = "table";
    private static final String ON = "on";
    private static final String COLUMNS = "columns";
    private static final String AS_OF = "as.of";
    private static final String VALID = "valid";
    private static final String MISSING = "missing";
    private static final String WAIT_MAX = "wait.max.ms";
    private static final String WAIT_THEN = "wait.then";
    private static final String DEFAULT = "default.";

    private static final String LONGEST_WAIT = "60000";
    private static final String VALIDITY_OF_HISTORY = "_committed_at, _until";

    private static final Pattern LIST = Pattern.compile("table\\.(.+?)\\.enrich");
    private static final Pattern OF_NAME = Pattern.compile("table\\.(.+?)\\.enrich\\.([^.]+)\\.(.+)");
    private static final Pattern COMPUTED = Pattern.compile("table\\.(.+?)\\.compute\\.(.+)");

    private EnrichSettings() {}

    /** The table that such a setting is about, or null. */
    static String tableOf(String key) {
        for (Pattern pattern : List.of(LIST, OF_NAME, COMPUTED)) {
            Matcher matcher = pattern.matcher(key);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    /** The setting of a table's enrichment on which a problem stands. */
    public static String of(String table, String name, String setting) {
        return "table." + table + NAMES + '.' + name + '.' + setting;
    }

    public static String names(String table) {
        return "table." + table + NAMES;
    }

    public static String dimension(String table, Enrichment join) {
        return of(table, join.name(), TABLE);
    }

    public static String on(String table, Enrichment join) {
        return of(table, join.name(), ON);
    }

    public static String columns(String table, Enrichment join) {
        return of(table, join.name(), COLUMNS);
    }

    public static String asOf(String table, Enrichment join) {
        return of(table, join.name(), AS_OF);
    }

    public static String missing(String table, Enrichment join) {
        return of(table, join.name(), MISSING);
    }

    public static String waitMax(String table, Enrichment join) {
        return of(table, join.name(), WAIT_MAX);
    }

    public static String waitThen(String table, Enrichment join) {
        return of(table, join.name(), WAIT_THEN);
    }

    public static String defaultOf(String table, Enrichment join, String column) {
        return of(table, join.name(), DEFAULT + column);
    }

    public static String compute(String table, String column) {
        return "table." + table + COMPUTE + column;
    }

    /** Defines a setting of enrichment, and those that it needs; false when it is none. */
    static boolean define(ConfigDef definition, Map<String, String> given, String key) {
        Matcher list = LIST.matcher(key);
        Matcher ofName = OF_NAME.matcher(key);
        Matcher computed = COMPUTED.matcher(key);
        if (list.matches()) {
            defineNames(definition, key, list.group(1));
            EnrichValues.listed(given.get(key)).forEach(name -> defineNeeded(definition, list.group(1), name));
        } else if (ofName.matches()) {
            defineOfName(definition, given, key, ofName);
        } else if (computed.matches()) {
            defineComputed(definition, key, computed.group(1), computed.group(2));
        }
        return list.matches() || ofName.matches() || computed.matches();
    }

    private static void defineNames(ConfigDef definition, String key, String table) {
        define(
                definition,
                key,
                "",
                value -> EnrichValues.listed(value).forEach(name -> {
                    if (name.indexOf('.') >= 0) {
                        throw new IllegalArgumentException("has a dot in the name " + name);
                    }
                }),
                "Names for the dimension tables of which rows of " + table + " get columns, in the statement that"
                        + " writes them. See docs/enrichment.md.");
    }

    private static void defineNeeded(ConfigDef definition, String table, String name) {
        for (String setting : List.of(TABLE, ON, COLUMNS)) {
            defineSetting(definition, of(table, name, setting), table, name, setting);
        }
    }

    private static void defineOfName(ConfigDef definition, Map<String, String> given, String key, Matcher matcher) {
        String table = matcher.group(1);
        String name = matcher.group(2);
        if (!EnrichValues.listed(given.get(names(table))).contains(name)) {
            defineWithoutEffect(definition, key, "add " + name + " to table." + table + NAMES);
            return;
        }
        String setting = matcher.group(3);
        boolean waits = "wait".equalsIgnoreCase(given.get(of(table, name, MISSING)));
        if (!waits && (setting.equals(WAIT_MAX) || setting.equals(WAIT_THEN))) {
            defineWithoutEffect(definition, key, "set " + of(table, name, MISSING) + "=wait");
            return;
        }
        defineSetting(definition, key, table, name, setting);
    }

    private static void defineWithoutEffect(ConfigDef definition, String key, String remedy) {
        define(
                definition,
                key,
                null,
                value -> {
                    throw new IllegalArgumentException("has no effect: " + remedy + ", or take it out");
                },
                "Without effect.");
    }

    private static void defineSetting(ConfigDef definition, String key, String table, String name, String setting) {
        if (definition.names().contains(key)) {
            return;
        }
        switch (setting) {
            case TABLE ->
                define(
                        definition,
                        key,
                        ConfigDef.NO_DEFAULT_VALUE,
                        value -> EnrichValues.requireName(
                                TableName.parse(value, "any").table()),
                        "The dimension table, in the reporting store. Without a schema it is in that of " + table
                                + ".");
            case ON ->
                define(
                        definition,
                        key,
                        ConfigDef.NO_DEFAULT_VALUE,
                        EnrichValues::joinColumns,
                        "By which columns a row finds its dimension row: COLUMN = DIMENSION_COLUMN, or one name for"
                                + " both; several divided by commas. The dimension must be unique by them.");
            case COLUMNS ->
                define(
                        definition,
                        key,
                        ConfigDef.NO_DEFAULT_VALUE,
                        EnrichValues::enrichedColumns,
                        "Columns of the dimension that rows of " + table
                                + " get, divided by commas: COLUMN, or COLUMN as NAME.");
            case AS_OF ->
                define(
                        definition,
                        key,
                        "position",
                        EnrichValues::requireName,
                        "As of when the dimension is looked at. position: as it was at the end of the transaction that"
                                + " changed the row; the dimension is a history table of the same ledger. current: as it"
                                + " is when the row is written. Else a column of the row that has a time.");
            case VALID ->
                define(
                        definition,
                        key,
                        VALIDITY_OF_HISTORY,
                        EnrichValues::validity,
                        "The two columns of the dimension between which its rows are valid, where as.of is a time:"
                                + " inclusive, and exclusive or null. Those of a history table by default.");
            case MISSING ->
                define(
                        definition,
                        key,
                        null,
                        EnrichValues::missing,
                        "What is done about a dimension row that is not there yet, or not right yet. repair: whoever"
                                + " writes the dimension afterwards corrects the rows, in the same transaction; the"
                                + " default for history tables of this connector, and possible for those only. null: the"
                                + " row keeps what was found. quarantine: a row without one is refused, as"
                                + " errors.tolerance says. wait: rows wait until the dimension is applied through their"
                                + " position; possible where repair is, with as.of=position.");
            case WAIT_MAX ->
                define(
                        definition,
                        key,
                        LONGEST_WAIT,
                        EnrichValues::millis,
                        "For how long rows wait while the dimension stands still (missing=wait), in milliseconds. What"
                                + " follows is not held up, until it moves again.");
            case WAIT_THEN ->
                define(
                        definition,
                        key,
                        "repair",
                        EnrichValues::then,
                        "What is done about a dimension row that is not there when rows have waited (missing=wait):"
                                + " repair, null or quarantine, as missing has them.");
            default -> defineDefault(definition, key, table, name, setting);
        }
    }

    private static void defineDefault(ConfigDef definition, String key, String table, String name, String setting) {
        boolean isDefault = setting.startsWith(DEFAULT) && setting.length() > DEFAULT.length();
        define(
                definition,
                key,
                isDefault ? "" : null,
                value -> {
                    if (!isDefault) {
                        throw new IllegalArgumentException("is not a setting of an enrichment; there are "
                                + String.join(", ", TABLE, ON, COLUMNS, AS_OF, VALID, MISSING, WAIT_MAX, WAIT_THEN)
                                + " and " + DEFAULT
                                + "COLUMN");
                    }
                },
                "What " + table + " has in this column, as text of the column's type, where " + name + " has no row.");
    }

    private static void defineComputed(ConfigDef definition, String key, String table, String column) {
        define(
                definition,
                key,
                ConfigDef.NO_DEFAULT_VALUE,
                value -> {
                    EnrichValues.requireName(column);
                    SqlExpression.check(value);
                },
                "An SQL expression of which " + column + " of " + table + " is made, of columns of the row, of those"
                        + " that the enrichment gives it, and of _lsn and _committed_at. Its value must depend on these"
                        + " alone: no subqueries, aggregates, or functions that are not immutable.");
    }

    private static void define(
            ConfigDef definition, String key, Object defaultValue, Consumer<String> check, String text) {
        definition.define(
                key,
                ConfigDef.Type.STRING,
                defaultValue,
                ConfigDef.LambdaValidator.with((name, value) -> check(name, (String) value, check), () -> ""),
                Importance.MEDIUM,
                text,
                GROUP,
                order(definition),
                Width.LONG,
                key);
    }

    private static int order(ConfigDef definition) {
        return (int) definition.configKeys().values().stream()
                        .filter(known -> GROUP.equals(known.group))
                        .count()
                + 1;
    }

    /** ConfigDef checks defaults too, and null where nothing is set. */
    private static void check(String name, String value, Consumer<String> check) {
        if (value == null) {
            return;
        }
        try {
            check.accept(value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name + " " + e.getMessage());
        }
    }

    static Enrichments parse(AbstractConfig config, String table) {
        Map<String, ?> values = config.values();
        List<Enrichment> joins = new ArrayList<>();
        for (String name : EnrichValues.listed((String) values.get(names(table)))) {
            joins.add(join(values, table, name));
        }
        SortedMap<String, String> computed = new TreeMap<>();
        values.forEach((key, value) -> {
            Matcher matcher = COMPUTED.matcher(key);
            if (matcher.matches() && matcher.group(1).equals(table)) {
                computed.put(matcher.group(2), (String) value);
            }
        });
        return new Enrichments(List.copyOf(joins), computed);
    }

    private static Enrichment join(Map<String, ?> values, String table, String name) {
        Map<String, String> defaults = new TreeMap<>();
        String prefix = of(table, name, DEFAULT);
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                defaults.put(key.substring(prefix.length()), (String) value);
            }
        });
        String missing = (String) values.get(of(table, name, MISSING));
        return new Enrichment(
                name,
                (String) values.get(of(table, name, TABLE)),
                EnrichValues.joinColumns((String) values.get(of(table, name, ON))),
                EnrichValues.asOf(
                        (String) values.get(of(table, name, AS_OF)),
                        or((String) values.get(of(table, name, VALID)), VALIDITY_OF_HISTORY)),
                EnrichValues.enrichedColumns((String) values.get(of(table, name, COLUMNS))),
                Optional.ofNullable(missing).map(EnrichValues::missing),
                new Waiting(
                        EnrichValues.millis(or((String) values.get(of(table, name, WAIT_MAX)), LONGEST_WAIT)),
                        EnrichValues.then(or((String) values.get(of(table, name, WAIT_THEN)), "repair"))),
                Map.copyOf(defaults));
    }

    private static String or(String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
