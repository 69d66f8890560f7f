package io.ledgerconnect.sink.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the sink: key, default, check, group and text of each stand here and nowhere else. */
public final class SinkSettings {
    public static final String CONNECTION_URL = "connection.url";
    public static final String CONNECTION_USER = "connection.user";
    public static final String CONNECTION_PASSWORD = "connection.password";
    public static final String PIPELINE_NAME = "pipeline.name";
    public static final String TABLE_NAME_FORMAT = "table.name.format";
    public static final String AUTO_CREATE = "auto.create";
    public static final String AUTO_EVOLVE = "auto.evolve";
    public static final String COMPLETE_VIEWS = "complete.views";
    public static final String DELETE_ENABLED = "delete.enabled";
    public static final String RESNAPSHOT_MODE = "resnapshot.mode";
    public static final String MAX_BATCH_ROWS = "max.batch.rows";
    public static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";

    /** Settings of Connect itself that the sink reads too. */
    public static final String NAME = "name";

    static final String CONTENT_CHECK = "content.check";
    static final String ERRORS_TOLERANCE = "errors.tolerance";
    public static final String TOPICS = "topics";
    public static final String TOPICS_REGEX = "topics.regex";

    static final String MODE = "mode";
    static final String KEY = "key";

    private static final String DATABASE = "Reporting store";
    private static final String TABLES = "Tables";
    private static final String WRITING = "Writing";
    private static final String URL_PREFIX = "jdbc:postgresql:";
    private static final Pattern TABLE_SETTING = Pattern.compile("table\\.(.+)\\.([^.]+)");

    private SinkSettings() {}

    /** The settings whose names are fixed. */
    public static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        defineDatabase(definition);
        defineTables(definition);
        defineWriting(definition);
        return definition;
    }

    /** The same, with the settings per table that are given. */
    public static ConfigDef definition(Map<String, String> given) {
        ConfigDef definition = definition();
        new TreeMap<>(given).keySet().forEach(key -> {
            if (!EnrichSettings.define(definition, given, key) && !RollupSettings.define(definition, given, key)) {
                defineTableSetting(definition, key);
            }
        });
        return definition;
    }

    private static void defineDatabase(ConfigDef definition) {
        definition
                .define(
                        CONNECTION_URL,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ConfigDef.LambdaValidator.with(
                                SinkSettings::checkUrl, () -> URL_PREFIX + "//host:port/database"),
                        Importance.HIGH,
                        "JDBC URL of the reporting store, a PostgreSQL 14 or newer. With several hosts add "
                                + "targetServerType=primary. The connector keeps state in its session (temporary "
                                + "tables), so a pooler in between must pool sessions, not transactions.",
                        DATABASE,
                        1,
                        Width.LONG,
                        "URL")
                .define(
                        CONNECTION_USER,
                        ConfigDef.Type.STRING,
                        null,
                        Importance.HIGH,
                        "Role that writes. It needs CREATE on the database for the first start, or a schema "
                                + "ledger_connect that it owns, and SELECT, INSERT, UPDATE and DELETE on the reporting "
                                + "tables.",
                        DATABASE,
                        2,
                        Width.MEDIUM,
                        "User")
                .define(
                        CONNECTION_PASSWORD,
                        ConfigDef.Type.PASSWORD,
                        null,
                        Importance.HIGH,
                        "The role's password.",
                        DATABASE,
                        3,
                        Width.MEDIUM,
                        "Password");
    }

    private static void defineTables(ConfigDef definition) {
        definition
                .define(
                        TABLE_NAME_FORMAT,
                        ConfigDef.Type.STRING,
                        "reporting.${table}",
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> TableNameFormat.parse(name, (String) value),
                                () -> "schema.table with ${table}, ${schema} or ${topic}"),
                        Importance.MEDIUM,
                        "Names the reporting table of a ledger table, with the placeholders ${table}, ${schema} (as in "
                                + "the ledger) and ${topic} (after transforms). Two ledger tables that lead to one "
                                + "reporting table stop the connector: with several schemas, name ${schema} too.",
                        TABLES,
                        1,
                        Width.MEDIUM,
                        "Table name")
                .define(
                        AUTO_CREATE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether a missing reporting table is created from the first record's schema. If not, a missing "
                                + "table stops the connector.",
                        TABLES,
                        2,
                        Width.SHORT,
                        "Create tables")
                .define(
                        AUTO_EVOLVE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether a column that a record has and the reporting table lacks is added, nullable. If not, it "
                                + "stops the connector. Columns are never dropped or altered.",
                        TABLES,
                        3,
                        Width.SHORT,
                        "Add columns")
                .define(
                        DELETE_ENABLED,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether deletes and truncates of the ledger are carried out in the reporting store. If not, they "
                                + "are counted as applied and change nothing.",
                        TABLES,
                        4,
                        Width.SHORT,
                        "Deletes")
                .define(
                        COMPLETE_VIEWS,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether each append and history table gets a view beside it, named with _complete at the end, "
                                + "which shows the table as of complete_through_lsn: every row of a ledger transaction "
                                + "or none. To alter a column's type, drop the view first; the sink makes it anew.",
                        TABLES,
                        5,
                        Width.SHORT,
                        "Views of what is complete");
    }

    private static void defineWriting(ConfigDef definition) {
        definition
                .define(
                        PIPELINE_NAME,
                        ConfigDef.Type.STRING,
                        null,
                        Importance.MEDIUM,
                        "Under which name the reporting store keeps what has been applied; the connector's name by "
                                + "default. Connectors that share a name share the work, and must subscribe to the same "
                                + "topics; a new name starts anew and needs empty tables.",
                        WRITING,
                        1,
                        Width.MEDIUM,
                        "Pipeline")
                .define(
                        RESNAPSHOT_MODE,
                        ConfigDef.Type.STRING,
                        "stop",
                        ConfigDef.CaseInsensitiveValidString.in("stop", "replace"),
                        Importance.MEDIUM,
                        "What to do when the source connector was begun anew and sends a fresh snapshot: stop, or replace "
                                + "everything in the pipeline's tables by it: also what append and history tables hold of "
                                + "earlier changes.",
                        WRITING,
                        2,
                        Width.SHORT,
                        "Fresh snapshot")
                .define(
                        MAX_BATCH_ROWS,
                        ConfigDef.Type.INT,
                        50_000,
                        ConfigDef.Range.between(1, 1_000_000),
                        Importance.MEDIUM,
                        "Changes in one transaction, at most. Each is held in memory until it is committed. A batch is "
                                + "never larger than what the consumer hands over at once: raise "
                                + "consumer.override.max.poll.records (500 by default) to this number for speed.",
                        WRITING,
                        3,
                        Width.SHORT,
                        "Rows per transaction")
                .define(
                        RETRY_BACKOFF_MAX_MS,
                        ConfigDef.Type.LONG,
                        30_000L,
                        ConfigDef.Range.between(100, 300_000),
                        Importance.LOW,
                        "Longest wait between two tries while the reporting store cannot be written, in ms. The first "
                                + "wait is 100 ms and each is twice the one before. Tries go on for as long as it takes.",
                        WRITING,
                        4,
                        Width.SHORT,
                        "Longest wait")
                .define(
                        CONTENT_CHECK,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether each record is compared with the digest that its source took of it. One that was altered "
                                + "on the way is refused, as errors.tolerance says. Transforms of the source or the sink "
                                + "connector that may alter values end the comparison by themselves.",
                        WRITING,
                        5,
                        Width.SHORT,
                        "Check contents");
    }

    private static void defineTableSetting(ConfigDef definition, String key) {
        Matcher matcher = TABLE_SETTING.matcher(key);
        if (definition.names().contains(key) || !matcher.matches()) {
            return;
        }
        String table = matcher.group(1);
        switch (matcher.group(2)) {
            case MODE ->
                definition.define(
                        key,
                        ConfigDef.Type.STRING,
                        "upsert",
                        ConfigDef.LambdaValidator.with(SinkSettings::checkMode, () -> "[upsert, append, history]"),
                        Importance.MEDIUM,
                        "How " + table + " is written: upsert keeps one row per key, append one row per change,"
                                + " history every version of a row with the positions between which it was valid.",
                        TABLES,
                        6,
                        Width.SHORT,
                        table + ": mode");
            case KEY ->
                definition.define(
                        key,
                        ConfigDef.Type.LIST,
                        "",
                        Importance.MEDIUM,
                        "Columns that identify a row of " + table
                                + "; by default those of the record's key. Other columns need a ledger table with REPLICA IDENTITY "
                                + "FULL, which tells what they were before a change.",
                        TABLES,
                        7,
                        Width.MEDIUM,
                        table + ": key");
            default ->
                definition.define(
                        key,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ConfigDef.LambdaValidator.with(SinkSettings::rejectUnknown, () -> "unknown"),
                        Importance.LOW,
                        "Unknown.",
                        TABLES,
                        8,
                        Width.SHORT,
                        key);
        }
    }

    /** The table that a setting such as {@code table.reporting.transfers.mode} is about, or null. */
    public static String tableOf(String key) {
        String enriched = EnrichSettings.tableOf(key);
        if (enriched != null) {
            return enriched;
        }
        String rolledUp = RollupSettings.tableOf(key);
        if (rolledUp != null) {
            return rolledUp;
        }
        Matcher matcher = TABLE_SETTING.matcher(key);
        return matcher.matches() && !key.equals(TABLE_NAME_FORMAT) ? matcher.group(1) : null;
    }

    static String tableSetting(String table, String setting) {
        return "table." + table + '.' + setting;
    }

    private static void checkUrl(String name, Object value) {
        String url = (String) value;
        if (url == null || !url.startsWith(URL_PREFIX)) {
            throw new ConfigException(name + " must be the JDBC URL of a PostgreSQL, such as " + URL_PREFIX
                    + "//localhost:5432/reporting");
        }
        if (url.toLowerCase(Locale.ROOT).matches(".*[?&](ssl)?password=.*")) {
            throw new ConfigException(
                    name + " contains a password, which would be shown with it: move it to " + CONNECTION_PASSWORD);
        }
    }

    private static void checkMode(String name, Object value) {
        String mode = (String) value;
        if (Arrays.stream(TableMode.values()).noneMatch(known -> known.name().equalsIgnoreCase(mode))) {
            throw new ConfigException(name, value, "must be upsert, append or history");
        }
    }

    private static void rejectUnknown(String name, Object value) {
        throw new ConfigException(name + " is not a setting of a table; there are " + MODE + ", " + KEY
                + ", enrich, compute.COLUMN and rollup");
    }
}
