package io.ledgerconnect.common.type;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** The column type that a created reporting table gets for a field. */
public final class DefaultColumnTypes {
    private DefaultColumnTypes() {}

    /**
     * The type's name for a column definition.
     *
     * @throws UnsupportedTypeException when no column type holds the schema
     */
    public static String sqlType(Schema schema) throws UnsupportedTypeException {
        if (schema.type() == Schema.Type.ARRAY) {
            return sqlType(schema.valueSchema()) + "[]";
        }
        if (schema.name() != null) {
            String byName = byName(schema);
            if (byName != null) {
                return byName;
            }
        }
        return switch (schema.type()) {
            case INT8, INT16 -> "smallint";
            case INT32 -> "integer";
            case INT64 -> "bigint";
            case FLOAT32 -> "real";
            case FLOAT64 -> "double precision";
            case BOOLEAN -> "boolean";
            case STRING -> text(schema);
            case BYTES -> "bytea";
            default ->
                throw new UnsupportedTypeException("is a " + schema.type()
                        + (schema.name() == null ? "" : " " + schema.name()) + ", for which there is no column type");
        };
    }

    private static String byName(Schema schema) {
        return switch (schema.name()) {
            case Decimal.LOGICAL_NAME -> decimal(schema);
            case NumericCodec.VARIABLE_SCALE -> "numeric";
            case "io.debezium.data.Uuid" -> "uuid";
            case "io.debezium.data.Json" -> "json".equals(sourceType(schema)) ? "json" : "jsonb";
            case "io.debezium.data.Xml" -> "xml";
            case "io.debezium.time.Date", Date.LOGICAL_NAME -> "date";
            case "io.debezium.time.Time", "io.debezium.time.MicroTime", Time.LOGICAL_NAME -> "time";
            case "io.debezium.time.Timestamp", "io.debezium.time.MicroTimestamp" -> "timestamp";
            case "io.debezium.time.ZonedTimestamp", Timestamp.LOGICAL_NAME -> "timestamptz";
            case "io.debezium.time.Interval", "io.debezium.time.MicroDuration" -> "interval";
            default -> null;
        };
    }

    private static String decimal(Schema schema) {
        String precision = schema.parameters().get("connect.decimal.precision");
        return precision == null ? "numeric" : "numeric(" + precision + "," + Numerics.scale(schema) + ")";
    }

    /** Keeps a declared length; everything else that is text in Kafka becomes text. */
    private static String text(Schema schema) {
        String type = sourceType(schema);
        return type.matches("character( varying)?\\(\\d+\\)") ? type : "text";
    }

    private static String sourceType(Schema schema) {
        String type = schema.parameters() == null ? null : schema.parameters().get(EnvelopeFields.TYPE_PARAMETER);
        return type == null ? "" : type;
    }
}
