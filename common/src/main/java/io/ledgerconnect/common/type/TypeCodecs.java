package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Times;
import io.ledgerconnect.common.type.text.TextForm;
import io.ledgerconnect.common.type.text.TextForms;
import org.apache.kafka.connect.data.Schema;

/** Finds the codec of a column, once per relation. A type is added here and nowhere else. */
public final class TypeCodecs {
    /** The upper half of {@code interval}'s modifier when no fields are named; the lower half is the precision. */
    private static final int ALL_INTERVAL_FIELDS = 0x7FFF;

    private TypeCodecs() {}

    /**
     * The codec that reads a column of a ledger.
     *
     * @param typeModifier {@code atttypmod}
     * @throws UnsupportedTypeException when there is none; the message is the rest of a sentence about the column
     */
    public static TypeCodec forColumn(PgType type, int typeModifier, Representation representation)
            throws UnsupportedTypeException {
        if (type.kind() == 'd') {
            return forColumn(type.base(), type.baseModifier(), representation);
        }
        if (type.kind() == 'e') {
            return new TextCodec.Labels(type.enumLabels());
        }
        if (type.isArray()) {
            return new ArrayCodec(type.element().oid(), forColumn(type.element(), typeModifier, representation));
        }
        // A table's row type may bear the name of a built-in type.
        TypeCodec codec =
                type.kind() == 'b' && type.hasBinary() ? builtIn(type.name(), typeModifier, representation) : null;
        return codec == null ? text(type) : codec;
    }

    private static TypeCodec text(PgType type) throws UnsupportedTypeException {
        TextForm form = TextForms.find(type)
                .orElseThrow(() -> new UnsupportedTypeException(
                        "is of type " + type.name() + ", which this version cannot capture"));
        return new TextFormCodec(
                form,
                switch (type.name()) {
                    case "tsvector" -> "io.debezium.data.Tsvector";
                    case "ltree" -> "io.debezium.data.Ltree";
                    default -> null;
                });
    }

    /**
     * The codec that writes values of {@code schema} to a column of a reporting table.
     *
     * @throws UnsupportedTypeException when values of that schema cannot be written there without loss
     */
    public static TypeCodec forTarget(PgType type, int typeModifier, Schema schema) throws UnsupportedTypeException {
        if (type.kind() == 'd') {
            return forTarget(type.base(), type.baseModifier(), schema);
        }
        if (type.isArray() && schema.type() == Schema.Type.ARRAY) {
            return new ArrayCodec(type.element().oid(), forTarget(type.element(), typeModifier, schema.valueSchema()));
        }
        TypeCodec codec = forColumn(type, typeModifier, Representation.DEFAULT);
        if (!codec.accepts(schema)) {
            throw new UnsupportedTypeException(
                    "is of type " + type.name() + ", which does not hold " + DefaultColumnTypes.describe(schema));
        }
        return exact(codec, type, typeModifier, schema);
    }

    /** A codec that refuses what the server would round or cut, where the column's type does that silently. */
    private static TypeCodec exact(TypeCodec codec, PgType type, int typeModifier, Schema schema)
            throws UnsupportedTypeException {
        if (codec instanceof TemporalCodec) {
            TypeCodec writer = TemporalCodec.named(schema.name());
            return type.name().equals("date") ? writer : UnroundedSeconds.of(writer, typeModifier);
        }
        if (codec instanceof TimeTzCodec) {
            return UnroundedSeconds.of(codec, typeModifier);
        }
        if (codec instanceof IntervalCodec && typeModifier >= 0) {
            if (typeModifier >>> 16 != ALL_INTERVAL_FIELDS) {
                throw new UnsupportedTypeException("is an interval that keeps only some of its fields");
            }
            return UnroundedSeconds.of(codec, typeModifier & 0xFFFF);
        }
        if (type.name().equals("char")
                && !DefaultColumnTypes.declaration(schema).equals("\"char\"")) {
            throw new UnsupportedTypeException("is of type \"char\", which keeps one byte of a text");
        }
        return codec instanceof TextCodec ? WholeText.of(codec, type, typeModifier, schema) : codec;
    }

    private static TypeCodec builtIn(String name, int typeModifier, Representation representation) {
        return switch (name) {
            case "int2" -> NumberCodec.INT2;
            case "int4" -> NumberCodec.INT4;
            case "int8" -> NumberCodec.INT8;
            case "oid" -> NumberCodec.OID;
            case "float4" -> NumberCodec.FLOAT4;
            case "float8" -> NumberCodec.FLOAT8;
            case "numeric" -> new NumericCodec(representation.decimals(), typeModifier);
            case "text", "varchar", "bpchar", "name", "citext" -> TextCodec.TEXT;
            case "json" -> TextCodec.JSON;
            case "jsonb" -> TextCodec.JSONB;
            case "xml" -> TextCodec.XML;
            case "uuid" -> TextCodec.UUID;
            case "bool" -> BytesCodec.BOOLEAN;
            case "bytea" -> BytesCodec.BYTEA;
            case "money" -> new MoneyCodec(representation.decimals());
            // Without a declared length, Debezium's Bits would not tell how many zeros there are in front.
            case "bit" -> typeModifier > 0 ? new BitsCodec(typeModifier) : null;
            case "point" -> PointCodec.POINT;
            case "hstore" -> HstoreCodec.JSON;
            case "vector" -> VectorCodec.VECTOR;
            case "halfvec" -> VectorCodec.HALF_VECTOR;
            case "date" ->
                representation.times() == Times.CONNECT ? TemporalCodec.DATE_CONNECT : TemporalCodec.DATE_DAYS;
            case "time" -> time(typeModifier, representation.times());
            case "timetz" -> TimeTzCodec.TIMETZ;
            case "timestamp" -> timestamp(typeModifier, representation.times());
            case "timestamptz" -> TemporalCodec.TIMESTAMPTZ;
            case "interval" -> new IntervalCodec(representation.intervals());
            default -> null;
        };
    }

    private static TypeCodec time(int precision, Times mode) {
        return switch (mode) {
            case CONNECT -> TemporalCodec.TIME_CONNECT;
            case ADAPTIVE_TIME_MICROSECONDS -> TemporalCodec.TIME_MICROS;
            case ADAPTIVE -> fitsMillis(precision) ? TemporalCodec.TIME_MILLIS : TemporalCodec.TIME_MICROS;
        };
    }

    private static TypeCodec timestamp(int precision, Times mode) {
        if (mode == Times.CONNECT) {
            return TemporalCodec.TIMESTAMP_CONNECT;
        }
        return fitsMillis(precision) ? TemporalCodec.TIMESTAMP_MILLIS : TemporalCodec.TIMESTAMP_MICROS;
    }

    private static boolean fitsMillis(int precision) {
        return precision >= 0 && precision <= 3;
    }
}
