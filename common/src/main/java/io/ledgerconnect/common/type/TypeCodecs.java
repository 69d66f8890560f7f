package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Arrays;
import io.ledgerconnect.common.type.Representation.Binaries;
import io.ledgerconnect.common.type.Representation.Hstores;
import io.ledgerconnect.common.type.Representation.Times;
import io.ledgerconnect.common.type.text.TextForm;
import io.ledgerconnect.common.type.text.TextForms;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;

/** Finds the codec of a column, once per relation. A type is added here and nowhere else. */
public final class TypeCodecs {
    /** The upper half of {@code interval}'s modifier when no fields are named; the lower half is the precision. */
    private static final int ALL_INTERVAL_FIELDS = 0x7FFF;

    private static final Representation ARRAYS_AS_TEXT = Representation.DEFAULT.with(Arrays.TEXT);

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
            return array(type, typeModifier, representation);
        }
        // A table's row type may bear the name of a built-in type.
        TypeCodec codec =
                type.kind() == 'b' && type.hasBinary() ? builtIn(type.name(), typeModifier, representation) : null;
        return codec == null ? text(type) : codec;
    }

    /** Text has a form for any number of dimensions; an array of a type without one stays an array. */
    private static TypeCodec array(PgType type, int typeModifier, Representation representation)
            throws UnsupportedTypeException {
        if (representation.arrays() == Arrays.TEXT) {
            Optional<TextForm> form = TextForms.find(type);
            if (form.isPresent()) {
                return new TextFormCodec(form.get(), null);
            }
        }
        return new ArrayCodec(type.element().oid(), forColumn(type.element(), typeModifier, representation));
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
     * @param serverVersion the reporting store's major version
     * @throws UnsupportedTypeException when values of that schema cannot be written there without loss
     */
    public static TypeCodec forTarget(PgType type, int typeModifier, Schema schema, int serverVersion)
            throws UnsupportedTypeException {
        if (type.kind() == 'd') {
            return forTarget(type.base(), type.baseModifier(), schema, serverVersion);
        }
        if (type.isArray() && schema.type() == Schema.Type.ARRAY) {
            return new ArrayCodec(
                    type.element().oid(), forTarget(type.element(), typeModifier, schema.valueSchema(), serverVersion));
        }
        if (type.isArray() && schema.type() == Schema.Type.STRING) {
            return arrayOfText(type, typeModifier, schema);
        }
        if (schema.type() == Schema.Type.MAP) {
            return jsonOfMap(type, schema);
        }
        if (type.name().equals("bytea") && EncodedBytesCodec.isEncoded(schema)) {
            return EncodedBytesCodec.named(schema);
        }
        if (type.name().equals("text") && ScalarText.INSTANCE.accepts(schema)) {
            return ScalarText.INSTANCE;
        }
        TypeCodec codec = forTargetColumn(type, typeModifier, schema);
        if (!codec.accepts(schema)) {
            throw refused(type, schema);
        }
        return exact(codec, type, typeModifier, schema, serverVersion);
    }

    /**
     * The server itself reads the text of a type that is not known here, and refuses one that is none of its values.
     */
    private static TypeCodec forTargetColumn(PgType type, int typeModifier, Schema schema)
            throws UnsupportedTypeException {
        try {
            return forColumn(type, typeModifier, Representation.DEFAULT);
        } catch (UnsupportedTypeException e) {
            if (schema.type() != Schema.Type.STRING || typeModifier >= 0) {
                throw e;
            }
            return new TextFormCodec(TypeCodecs::unreadable, null);
        }
    }

    private static void unreadable(ByteBuffer in, int length, StringBuilder out) {
        throw new IllegalStateException("values of this type are only written");
    }

    private static TypeCodec arrayOfText(PgType type, int typeModifier, Schema schema) throws UnsupportedTypeException {
        TypeCodec codec = array(type, typeModifier, ARRAYS_AS_TEXT);
        if (!codec.accepts(schema)) {
            throw refused(type, schema);
        }
        PgType element = type.element();
        int modifier = typeModifier;
        while (element.kind() == 'd') {
            modifier = element.baseModifier();
            element = element.base();
        }
        if (cuts(element, modifier)) {
            throw new UnsupportedTypeException("is an array of " + element.name()
                    + (modifier < 0
                            ? ", which keeps only the beginning of a text; declare it as text[]"
                            : " of a declared length or precision, to which the server would silently cut the elements of"
                                    + " a text; declare it without"));
        }
        return codec;
    }

    /** Whether the cast of a text to the type may make a shorter or rounded value of it, without an error. */
    private static boolean cuts(PgType element, int modifier) {
        return switch (element.name()) {
            case "name", "char" -> true;
            case "numeric", "varchar", "bpchar", "time", "timetz", "timestamp", "timestamptz", "interval" ->
                modifier >= 0;
            default -> false;
        };
    }

    private static TypeCodec jsonOfMap(PgType type, Schema schema) throws UnsupportedTypeException {
        if (HstoreCodec.MAP.accepts(schema)) {
            switch (type.name()) {
                case "json" -> {
                    return HstoreCodec.MAP;
                }
                case "jsonb" -> {
                    return HstoreCodec.MAP_AS_JSONB;
                }
                default -> {}
            }
        }
        throw refused(type, schema);
    }

    private static UnsupportedTypeException refused(PgType type, Schema schema) {
        return new UnsupportedTypeException(
                "is of type " + type.name() + ", which does not hold " + DefaultColumnTypes.describe(schema));
    }

    private static TypeCodec bytes(Binaries mode) {
        return mode == Binaries.BYTES ? BytesCodec.BYTEA : new EncodedBytesCodec(mode);
    }

    /** A codec that refuses what the server would round or cut, where the column's type does that silently. */
    private static TypeCodec exact(TypeCodec codec, PgType type, int typeModifier, Schema schema, int serverVersion)
            throws UnsupportedTypeException {
        if (codec instanceof TemporalCodec || codec instanceof ZonedTimestampCodec) {
            TypeCodec writer = TemporalCodec.named(schema.name());
            return type.name().equals("date") ? writer : UnroundedSeconds.of(writer, typeModifier);
        }
        if (codec instanceof TimeTzCodec) {
            return UnroundedSeconds.of(codec, typeModifier);
        }
        if (codec instanceof IntervalCodec interval) {
            return exactInterval(interval.writingTo(serverVersion), typeModifier);
        }
        if (type.name().equals("char")
                && !DefaultColumnTypes.declaration(schema).equals("\"char\"")) {
            throw new UnsupportedTypeException("is of type \"char\", which keeps one byte of a text");
        }
        return codec instanceof TextCodec ? WholeText.of(codec, type, typeModifier, schema) : codec;
    }

    private static TypeCodec exactInterval(IntervalCodec codec, int typeModifier) throws UnsupportedTypeException {
        if (typeModifier < 0) {
            return codec;
        }
        if (typeModifier >>> 16 != ALL_INTERVAL_FIELDS) {
            throw new UnsupportedTypeException("is an interval that keeps only some of its fields");
        }
        return UnroundedSeconds.of(codec, typeModifier & 0xFFFF);
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
            case "bytea" -> bytes(representation.binaries());
            case "money" -> new MoneyCodec(representation.decimals());
            // Without a declared length, Debezium's Bits would not tell how many zeros there are in front.
            case "bit" -> typeModifier > 0 ? new BitsCodec(typeModifier) : null;
            case "point" -> PointCodec.POINT;
            case "hstore" -> representation.hstores() == Hstores.MAP ? HstoreCodec.MAP : HstoreCodec.JSON;
            case "vector" -> VectorCodec.VECTOR;
            case "halfvec" -> VectorCodec.HALF_VECTOR;
            case "date" ->
                representation.times() == Times.CONNECT ? TemporalCodec.DATE_CONNECT : TemporalCodec.DATE_DAYS;
            case "time" -> time(typeModifier, representation.times());
            case "timetz" -> TimeTzCodec.TIMETZ;
            case "timestamp" -> timestamp(typeModifier, representation.times());
            case "timestamptz" -> ZonedTimestampCodec.of(typeModifier);
            case "interval" -> new IntervalCodec(representation.intervals());
            default -> null;
        };
    }

    private static TypeCodec time(int precision, Times mode) {
        return switch (mode) {
            case CONNECT -> TemporalCodec.TIME_CONNECT;
            case ADAPTIVE_TIME_MICROSECONDS, MICROSECONDS -> TemporalCodec.TIME_MICROS;
            case ADAPTIVE -> fitsMillis(precision) ? TemporalCodec.TIME_MILLIS : TemporalCodec.TIME_MICROS;
        };
    }

    private static TypeCodec timestamp(int precision, Times mode) {
        return switch (mode) {
            case CONNECT -> TemporalCodec.TIMESTAMP_CONNECT;
            case MICROSECONDS -> TemporalCodec.TIMESTAMP_MICROS;
            case ADAPTIVE, ADAPTIVE_TIME_MICROSECONDS ->
                fitsMillis(precision) ? TemporalCodec.TIMESTAMP_MILLIS : TemporalCodec.TIMESTAMP_MICROS;
        };
    }

    private static boolean fitsMillis(int precision) {
        return precision >= 0 && precision <= 3;
    }
}
