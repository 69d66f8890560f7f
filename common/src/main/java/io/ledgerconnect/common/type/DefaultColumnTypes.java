package io.ledgerconnect.common.type;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** The column type that a created reporting table gets for a field. */
public final class DefaultColumnTypes {
    private static final Pattern NUMERIC = Pattern.compile("numeric(?:\\((\\d+),(-?\\d+)\\))?");
    private static final Pattern DECLARED_PRECISION =
            Pattern.compile("(numeric|timestamp|time|interval)\\b.*?( with.*)?");
    private static final Pattern SIZED_TEXT = Pattern.compile("(character|bit)( varying)?\\(\\d+\\)|bpchar");

    /** Types that are text in Kafka and that every server has. */
    private static final Set<String> KEPT = Set.of(
            "bit varying",
            "box",
            "cidr",
            "circle",
            "daterange",
            "datemultirange",
            "inet",
            "int4multirange",
            "int4range",
            "int8multirange",
            "int8range",
            "jsonpath",
            "line",
            "lseg",
            "macaddr",
            "macaddr8",
            "money",
            "nummultirange",
            "numrange",
            "path",
            "pg_lsn",
            "pg_snapshot",
            "polygon",
            "tsmultirange",
            "tsquery",
            "tsrange",
            "tstzmultirange",
            "tstzrange",
            "tsvector",
            "xid8");

    /** Further types of elements that every server has, for arrays that are text in Kafka. */
    private static final Set<String> ELEMENTS = Set.of(
            "bigint",
            "boolean",
            "bytea",
            "date",
            "double precision",
            "integer",
            "json",
            "jsonb",
            "point",
            "real",
            "smallint",
            "uuid",
            "xml");

    private DefaultColumnTypes() {}

    /**
     * The type's name for a column definition.
     *
     * @throws UnsupportedTypeException when no column type holds the schema
     */
    public static String sqlType(Schema schema) throws UnsupportedTypeException {
        return sqlType(schema, declaration(schema));
    }

    /** For messages: the type in the ledger, or what the schema is. */
    static String describe(Schema schema) {
        String declaration = declaration(schema);
        if (!declaration.isEmpty()) {
            return "the ledger's " + declaration;
        }
        return schema.name() == null ? schema.type().toString() : schema.name();
    }

    /** The type in the ledger, where the record tells it. */
    static String declaration(Schema schema) {
        String type = schema.parameters() == null ? null : schema.parameters().get(EnvelopeFields.TYPE_PARAMETER);
        return type == null ? "" : type;
    }

    private static String sqlType(Schema schema, String declaration) throws UnsupportedTypeException {
        if (schema.type() == Schema.Type.ARRAY) {
            String element = declaration.endsWith("[]") ? declaration.substring(0, declaration.length() - 2) : "";
            return sqlType(schema.valueSchema(), element) + "[]";
        }
        String byName = schema.name() == null ? null : byName(schema, declaration);
        if (byName != null) {
            return byName;
        }
        return switch (schema.type()) {
            case INT8, INT16 -> "smallint";
            case INT32 -> "integer";
            case INT64 -> "bigint";
            case FLOAT32 -> "real";
            case FLOAT64 -> "double precision";
            case BOOLEAN -> declaration.equals("bit(1)") ? declaration : "boolean";
            case STRING -> EncodedBytesCodec.isEncoded(schema) ? "bytea" : text(declaration);
            case MAP -> map(schema);
            case BYTES -> "bytea";
            default ->
                throw new UnsupportedTypeException("is a " + schema.type()
                        + (schema.name() == null ? "" : " " + schema.name()) + ", for which there is no column type");
        };
    }

    private static String map(Schema schema) throws UnsupportedTypeException {
        if (HstoreCodec.MAP.accepts(schema)) {
            return "json";
        }
        throw new UnsupportedTypeException("is a MAP of other than text, for which there is no column type");
    }

    private static String byName(Schema schema, String declaration) {
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME -> declaration.equals("money") ? declaration : decimal(schema);
            case NumericCodec.VARIABLE_SCALE -> "numeric";
            case "io.debezium.data.Uuid" -> "uuid";
            case "io.debezium.data.Tsvector" -> "tsvector";
            case BitsCodec.SCHEMA_NAME -> "bit(" + schema.parameters().get("length") + ")";
            case PointCodec.SCHEMA_NAME -> "point";
            case "io.debezium.data.Json" -> json(declaration);
            case "io.debezium.data.Xml" -> "xml";
            case "io.debezium.time.Date", Date.LOGICAL_NAME -> "date";
            case "io.debezium.time.Time", "io.debezium.time.MicroTime", Time.LOGICAL_NAME -> "time";
            case TimeTzCodec.SCHEMA_NAME -> "timetz";
            case "io.debezium.time.Timestamp", "io.debezium.time.MicroTimestamp" -> "timestamp";
            case "io.debezium.time.ZonedTimestamp", Timestamp.LOGICAL_NAME -> "timestamptz";
            case "io.debezium.time.Interval", "io.debezium.time.MicroDuration" -> "interval";
            default -> null;
        };
    }

    /** Only jsonb is known to lose nothing in jsonb, which sorts keys and drops repeated ones. */
    private static String json(String declaration) {
        return declaration.isEmpty() || declaration.equals("jsonb") ? "jsonb" : "json";
    }

    private static String decimal(Schema schema) {
        String precision = schema.parameters().get("connect.decimal.precision");
        return precision == null ? "numeric" : numeric(Integer.parseInt(precision), Numerics.scale(schema));
    }

    /** PostgreSQL 14 knows no scales below zero or above the precision. */
    private static String numeric(int precision, int scale) {
        return scale < 0 || scale > precision ? "numeric" : "numeric(" + precision + "," + scale + ")";
    }

    /** Keeps a declared length; numbers as text become numbers again; all else that is text in Kafka becomes text. */
    private static String text(String declaration) {
        if (declaration.endsWith("[]")) {
            return element(declaration.substring(0, declaration.length() - 2)) + "[]";
        }
        Matcher numeric = NUMERIC.matcher(declaration);
        if (numeric.matches()) {
            return numeric.group(1) == null
                    ? "numeric"
                    : numeric(Integer.parseInt(numeric.group(1)), Integer.parseInt(numeric.group(2)));
        }
        return SIZED_TEXT.matcher(declaration).matches() || KEPT.contains(declaration) ? declaration : "text";
    }

    /** Without a length or precision: the server would silently cut the elements of a text to it. */
    private static String element(String declaration) {
        if (declaration.startsWith("character")) {
            return declaration.startsWith("character(") ? "bpchar" : "text";
        }
        Matcher precision = DECLARED_PRECISION.matcher(declaration);
        if (precision.matches()) {
            return precision.group(1) + (precision.group(2) == null ? "" : precision.group(2));
        }
        return ELEMENTS.contains(declaration) ? declaration : text(declaration);
    }
}
