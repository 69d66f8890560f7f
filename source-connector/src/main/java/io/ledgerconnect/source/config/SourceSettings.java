package io.ledgerconnect.source.config;

import io.ledgerconnect.common.config.ConnectSettings;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.type.Representation;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.CaseInsensitiveValidString;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every setting of the source connector, once: key, type, default, check, group and text. */
public final class SourceSettings {
    static final String HOSTNAME = "database.hostname";
    static final String PORT = "database.port";
    static final String USER = "database.user";
    static final String PASSWORD = "database.password";
    static final String DATABASE = "database.dbname";
    static final String SSL_MODE = "database.sslmode";
    static final String SSL_ROOT_CERT = "database.sslrootcert";
    static final String SSL_CERT = "database.sslcert";
    static final String SSL_KEY = "database.sslkey";
    static final String SSL_PASSWORD = "database.sslpassword";
    static final String TOPIC_PREFIX = "topic.prefix";
    static final String TABLE_INCLUDE_LIST = "table.include.list";
    static final String TABLE_EXCLUDE_LIST = "table.exclude.list";
    static final String COLUMN_INCLUDE_LIST = "column.include.list";
    static final String COLUMN_EXCLUDE_LIST = "column.exclude.list";
    static final String COLUMN_MASK_HMAC = "column.mask.hmac";
    static final String COLUMN_MASK_HMAC_KEY = "column.mask.hmac.key";
    static final String MESSAGE_KEY_COLUMNS = "message.key.columns";
    static final String TABLES_WITHOUT_KEY = "tables.without.key";
    static final String SLOT_NAME = "slot.name";
    static final String SLOT_FAILOVER = "slot.failover";
    static final String SLOT_DROP_ON_STOP = "slot.drop.on.stop";
    static final String PUBLICATION_NAME = "publication.name";
    static final String PUBLICATION_AUTOCREATE_MODE = "publication.autocreate.mode";
    static final String SNAPSHOT_MODE = "snapshot.mode";
    static final String SNAPSHOT_MAX_THREADS = "snapshot.max.threads";
    static final String SNAPSHOT_TRANSACTION_MAX_MS = "snapshot.transaction.max.ms";
    static final String DECIMAL_HANDLING_MODE = "decimal.handling.mode";
    static final String TIME_PRECISION_MODE = "time.precision.mode";
    static final String INTERVAL_HANDLING_MODE = "interval.handling.mode";
    static final String BINARY_HANDLING_MODE = "binary.handling.mode";
    static final String HSTORE_HANDLING_MODE = "hstore.handling.mode";
    static final String ARRAY_HANDLING_MODE = "array.handling.mode";
    static final String TOMBSTONES_ON_DELETE = "tombstones.on.delete";
    static final String MESSAGE_PREFIX_INCLUDE_LIST = "message.prefix.include.list";
    static final String MESSAGE_PREFIX_EXCLUDE_LIST = "message.prefix.exclude.list";
    static final String SKIPPED_OPERATIONS = "skipped.operations";
    static final String PROVIDE_TRANSACTION_METADATA = "provide.transaction.metadata";
    static final String SNAPSHOT_REQUEST_ID = "snapshot.request.id";
    static final String SNAPSHOT_REQUEST_TABLES = "snapshot.request.tables";
    static final String SNAPSHOT_REQUEST_KEY = "snapshot.request.key";
    static final String SIGNAL_DATA_COLLECTION = "signal.data.collection";
    static final String WATERMARK_INTERVAL_MS = "watermark.interval.ms";
    static final String TOPIC_PARTITIONS = "topic.creation.default.partitions";
    static final String ERRORS_TOLERANCE = "errors.tolerance";

    private static final Set<Operation> NOT_SKIPPED = Set.of(Operation.READ, Operation.MESSAGE);

    public static final ConfigDef DEFINITION = definition();

    private SourceSettings() {}

    private static ConfigDef definition() {
        ConfigDef settings = new ConfigDef();
        Group ledger = new Group(settings, "Ledger database");
        ledger.required(
                HOSTNAME,
                Type.STRING,
                "Host of the ledger database; several, divided by commas, for a cluster of"
                        + " which the primary is sought.");
        ledger.optional(PORT, Type.INT, 5432, Range.between(1, 65535), "Port of the ledger database.");
        ledger.required(
                USER,
                Type.STRING,
                "Role that captures. It needs LOGIN, REPLICATION, and SELECT on the captured" + " tables.");
        ledger.optional(PASSWORD, Type.PASSWORD, null, null, "The role's password.");
        ledger.required(DATABASE, Type.STRING, "Name of the ledger database.");
        ledger.optional(
                SSL_MODE,
                Type.STRING,
                "prefer",
                CaseInsensitiveValidString.in("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
                "How the connection is encrypted and the server verified.");
        ledger.optional(
                SSL_ROOT_CERT, Type.STRING, null, null, "File with the certificates that vouch for the server.");
        ledger.optional(SSL_CERT, Type.STRING, null, null, "File with the client's certificate.");
        ledger.optional(SSL_KEY, Type.STRING, null, null, "File with the client's key (PKCS-8 DER or PKCS-12).");
        ledger.optional(SSL_PASSWORD, Type.PASSWORD, null, null, "Password of the client's key.");

        Group capture = new Group(settings, "What is captured");
        capture.add(
                TOPIC_PREFIX,
                Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                topicPrefix(),
                Importance.HIGH,
                "Begins the name" + " of every topic: PREFIX.SCHEMA.TABLE. Names the capture, so it never changes.");
        capture.optional(
                TABLE_INCLUDE_LIST,
                Type.LIST,
                List.of(),
                patterns(),
                "Tables to capture: regular expressions,"
                        + " divided by commas, that match all of SCHEMA.TABLE. Absent: all tables.");
        capture.optional(
                TABLE_EXCLUDE_LIST,
                Type.LIST,
                List.of(),
                patterns(),
                "Tables to leave out, likewise. Not together" + " with " + TABLE_INCLUDE_LIST + ".");
        capture.optional(
                COLUMN_INCLUDE_LIST,
                Type.LIST,
                List.of(),
                patterns(),
                "Columns to send: regular expressions that"
                        + " match all of SCHEMA.TABLE.COLUMN. Key columns are always in the key. Absent: all columns.");
        capture.optional(
                COLUMN_EXCLUDE_LIST,
                Type.LIST,
                List.of(),
                patterns(),
                "Columns to leave out of the records, likewise. Not together with " + COLUMN_INCLUDE_LIST + ".");
        capture.optional(
                COLUMN_MASK_HMAC,
                Type.LIST,
                List.of(),
                patterns(),
                "Columns whose text is sent as its HMAC-SHA-256 in hexadecimal, likewise: equal values stay equal, and nobody"
                        + " without the key can tell what they were.");
        capture.optional(
                COLUMN_MASK_HMAC_KEY,
                Type.PASSWORD,
                null,
                null,
                "The secret key of " + COLUMN_MASK_HMAC + ", 16 characters or more.");
        capture.optional(
                MESSAGE_KEY_COLUMNS,
                Type.STRING,
                "",
                messageKeys(),
                "Keys other than the primary key:"
                        + " SCHEMA.TABLE:COLUMN,COLUMN;… with regular expressions for the tables. They need a unique"
                        + " index that is not deferrable.");
        capture.optional(
                TABLES_WITHOUT_KEY,
                Type.LIST,
                List.of(),
                patterns(),
                "Captured tables that may be without a key: regular expressions, divided by commas, that match all of"
                        + " SCHEMA.TABLE. Their records have the key null and lie in partition 0, so that the order of their"
                        + " changes stays. Absent: a captured table without a key is refused.");
        capture.optional(
                MESSAGE_PREFIX_INCLUDE_LIST,
                Type.LIST,
                List.of(),
                patterns(),
                "Logical messages (pg_logical_emit_message) to send to PREFIX.message: regular expressions, divided by"
                        + " commas, that match all of a message's prefix. Absent: all.");
        capture.optional(
                MESSAGE_PREFIX_EXCLUDE_LIST,
                Type.LIST,
                List.of(),
                patterns(),
                "Logical messages to leave out, likewise. Not together with " + MESSAGE_PREFIX_INCLUDE_LIST + ".");
        capture.optional(
                SKIPPED_OPERATIONS,
                Type.LIST,
                List.of("none"),
                operations(),
                "Operations that are not sent: of c, u," + " d, t (create, update, delete, truncate), or none.");

        Group slot = new Group(settings, "Slot and publication");
        slot.optional(
                SLOT_NAME,
                Type.STRING,
                "ledger_connect",
                slotName(),
                "Replication slot of this capture. Created at the" + " first start, never re-created afterwards.");
        slot.optional(
                SLOT_FAILOVER,
                Type.BOOLEAN,
                false,
                null,
                "Create the slot so that standbys keep a copy of it" + " (PostgreSQL 17 and later).");
        slot.optional(
                SLOT_DROP_ON_STOP,
                Type.BOOLEAN,
                false,
                null,
                "Drop the slot whenever the task stops. Changes made"
                        + " until the next start are then lost: for tests only.");
        slot.optional(
                PUBLICATION_NAME,
                Type.STRING,
                "ledger_connect",
                nonEmpty(),
                "Publication that the slot is read" + " through.");
        slot.optional(
                PUBLICATION_AUTOCREATE_MODE,
                Type.STRING,
                "filtered",
                CaseInsensitiveValidString.in("filtered", "all_tables", "disabled"),
                "What to do when the publication is missing: create it for the captured tables, for all tables, or not.");

        Group snapshot = new Group(settings, "Snapshot");
        snapshot.optional(
                SNAPSHOT_MODE,
                Type.STRING,
                "initial",
                CaseInsensitiveValidString.in("initial", "initial_only", "always", "when_needed", "no_data", "never"),
                "Before the first change: read all rows (initial), or begin with the changes (no_data; never is an alias)."
                        + " Or read all rows and end there, without a slot (initial_only); at each start anew (always); anew where"
                        + " the slot no longer has what was not captured (when_needed), instead of stopping. The sink takes"
                        + " the place of a snapshot by another only with resnapshot.mode=replace.");
        snapshot.optional(
                SNAPSHOT_MAX_THREADS,
                Type.INT,
                2,
                Range.between(1, 64),
                "Connections that read the snapshot side by side.");
        snapshot.optional(
                SNAPSHOT_TRANSACTION_MAX_MS,
                Type.LONG,
                300_000L,
                Range.atLeast(1_000L),
                "How long the snapshot holds a transaction open, which keeps vacuum from removing old rows, before it goes"
                        + " on with a new one.");

        snapshot.optional(
                SNAPSHOT_REQUEST_ID,
                Type.STRING,
                null,
                name(),
                "Names a snapshot to be read while the stream goes on: one of "
                        + SNAPSHOT_REQUEST_TABLES
                        + ", once. Another name asks for another snapshot.");
        snapshot.optional(
                SNAPSHOT_REQUEST_TABLES,
                Type.LIST,
                List.of(),
                patterns(),
                "The captured tables whose rows are asked for by " + SNAPSHOT_REQUEST_ID
                        + ": regular expressions, divided by commas, that match all of SCHEMA.TABLE."
                        + " "
                        + SnapshotAsked.CONDITION
                        + "SCHEMA.TABLE is a condition in SQL over its columns, for a part of its rows; "
                        + SnapshotAsked.KEYS
                        + "SCHEMA.TABLE asks for rows by their keys, as JSON ([{\"id\": \"7\"}, …]), and of those that the"
                        + " ledger does not have a delete is sent.");
        snapshot.optional(
                SIGNAL_DATA_COLLECTION,
                Type.STRING,
                null,
                null,
                "A captured table, SCHEMA.TABLE, by which snapshots are asked for in SQL: with the text columns id, type"
                        + " (execute-snapshot or stop-snapshot) and data (JSON: data-collections, additional-conditions).");
        snapshot.optional(
                SNAPSHOT_REQUEST_KEY,
                Type.PASSWORD,
                null,
                null,
                "A secret that all captures of the ledger share: it signs the rows of a snapshot that is asked for, which"
                        + " pass through the ledger's WAL. Absent: " + PASSWORD + ".");

        Group records = new Group(settings, "Records");
        records.optional(
                DECIMAL_HANDLING_MODE,
                Type.STRING,
                "precise",
                constants(Representation.Decimals.values()),
                "numeric as Connect's exact Decimal (precise), as a double, which rounds, or as text (string).");
        records.optional(
                TIME_PRECISION_MODE,
                Type.STRING,
                "adaptive",
                constants(Representation.Times.values()),
                "Times by their declared precision (adaptive), time of day always in microseconds"
                        + " (adaptive_time_microseconds), timestamps too (microseconds), or Connect's own types in"
                        + " milliseconds (connect).");
        records.optional(
                INTERVAL_HANDLING_MODE,
                Type.STRING,
                "string",
                constants(Representation.Intervals.values()),
                "interval as ISO 8601 text, exactly (string), or as microseconds with average months (numeric).");
        records.optional(
                BINARY_HANDLING_MODE,
                Type.STRING,
                "bytes",
                constants(Representation.Binaries.values()),
                "bytea as bytes (bytes), or as text (base64, base64-url-safe, hex).");
        records.optional(
                HSTORE_HANDLING_MODE,
                Type.STRING,
                "json",
                constants(Representation.Hstores.values()),
                "hstore as a JSON object in text (json), or as a map (map).");
        records.optional(
                ARRAY_HANDLING_MODE,
                Type.STRING,
                "array",
                constants(Representation.Arrays.values()),
                "Arrays as arrays, which have one dimension and begin at 1 (array), or as the text that the server"
                        + " would write, of any dimensions and bounds (text).");
        records.optional(
                TOMBSTONES_ON_DELETE,
                Type.BOOLEAN,
                true,
                null,
                "Send a tombstone after each delete, so that a" + " compacted topic forgets the key.");
        records.optional(
                PROVIDE_TRANSACTION_METADATA,
                Type.BOOLEAN,
                false,
                null,
                "Tell in each record its transaction and"
                        + " its place in it, and send BEGIN and END of each transaction to PREFIX.transaction.");
        records.optional(
                WATERMARK_INTERVAL_MS,
                Type.LONG,
                1000L,
                Range.between(10, 3_600_000),
                "Longest time between two" + " watermarks, on an idle ledger too.");
        return settings;
    }

    /** Those of the names, sorted, that neither this connector nor Connect reads. */
    public static List<String> unknown(Collection<String> names) {
        return names.stream()
                .filter(name -> !DEFINITION.names().contains(name)
                        && !ConnectSettings.contains(name)
                        && !ColumnRules.hasLength(name)
                        && !SnapshotAsked.isOfTable(name))
                .sorted()
                .toList();
    }

    /** Adds settings to one group of the reference, in the order in which they are declared. */
    private static final class Group {
        private final ConfigDef settings;
        private final String name;
        private int order;

        Group(ConfigDef settings, String name) {
            this.settings = settings;
            this.name = name;
        }

        void required(String key, Type type, String text) {
            add(key, type, ConfigDef.NO_DEFAULT_VALUE, nonEmpty(), Importance.HIGH, text);
        }

        void optional(String key, Type type, Object value, ConfigDef.Validator check, String text) {
            add(key, type, value, check, Importance.MEDIUM, text);
        }

        void add(String key, Type type, Object value, ConfigDef.Validator check, Importance importance, String text) {
            settings.define(key, type, value, check, importance, text, name, ++order, Width.MEDIUM, key);
        }
    }

    private static ConfigDef.Validator check(String rule, java.util.function.Predicate<Object> holds) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !holds.test(value)) {
                        throw new ConfigException(name, value, rule);
                    }
                },
                () -> rule);
    }

    private static ConfigDef.Validator nonEmpty() {
        return check("must not be empty", value -> !value.toString().isBlank());
    }

    private static ConfigDef.Validator name() {
        return check(
                "must not be empty, and 200 characters at most",
                value -> !value.toString().isBlank() && value.toString().length() <= 200);
    }

    private static ConfigDef.Validator topicPrefix() {
        return check(
                "may hold letters, digits, '.', '_' and '-' only, because it begins topic names",
                value -> value.toString().matches("[A-Za-z0-9._-]+"));
    }

    private static ConfigDef.Validator slotName() {
        return check(
                "may hold lower-case letters, digits and '_' only, 63 at most, as PostgreSQL demands of slot names",
                value -> value.toString().matches("[a-z0-9_]{1,63}"));
    }

    private static ConfigDef.Validator operations() {
        return check(
                "must be none, or of c, u, d, t",
                value -> ((List<?>) value)
                        .stream()
                                .map(code -> code.toString().toLowerCase(Locale.ROOT))
                                .allMatch(SourceSettings::isSkippable));
    }

    private static boolean isSkippable(String code) {
        return code.equals("none")
                || Arrays.stream(Operation.values())
                        .anyMatch(operation -> !NOT_SKIPPED.contains(operation)
                                && operation.code().equals(code));
    }

    private static ConfigDef.Validator patterns() {
        return check(
                "must be regular expressions divided by commas",
                value -> ((List<?>) value).stream().allMatch(SourceSettings::isPattern));
    }

    private static boolean isPattern(Object text) {
        try {
            Pattern.compile(text.toString());
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static ConfigDef.Validator messageKeys() {
        return check("must read SCHEMA.TABLE:COLUMN,COLUMN;…", value -> MessageKeys.isValid(value.toString()));
    }

    private static ConfigDef.Validator constants(Enum<?>[] constants) {
        return CaseInsensitiveValidString.in(
                Arrays.stream(constants).map(Representation::settingValue).toArray(String[]::new));
    }
}
