package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Intervals;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * {@code interval}: int64 µs, int32 days, int32 months on the wire. As text {@code P1Y2M3DT4H5M6.7S}, which keeps all
 * three apart; as a number of µs with months of 365.25 / 12 days, which does not. The infinities (all three largest, or
 * all three smallest) are {@code infinity} and {@code -infinity}, and the largest and smallest number.
 *
 * @param writesInfinity whether the server that is written to knows the infinities; an older one would take their bytes
 *     for 178956970 years and some
 */
record IntervalCodec(Intervals mode, boolean writesInfinity) implements TypeCodec {
    private static final int FIRST_VERSION_WITH_INFINITY = 17;
    private static final String TEXT_SCHEMA = "io.debezium.time.Interval";
    private static final String MICROS_SCHEMA = "io.debezium.time.MicroDuration";
    private static final String INFINITY = "infinity";
    private static final String MINUS_INFINITY = "-infinity";
    private static final long MICROS_PER_SECOND = ClockText.MICROS_PER_SECOND;
    private static final long MICROS_PER_DAY = TemporalCodec.MICROS_PER_DAY;
    private static final long MICROS_PER_MONTH = MICROS_PER_DAY * 36525 / 1200;
    private static final Pattern TEXT = Pattern.compile("P(?=[-\\dT])(?:(-?\\d+)Y)?(?:(-?\\d+)M)?(?:(-?\\d+)D)?"
            + "(?:T(?=[-\\d])(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?)(\\d+)(\\.\\d{1,6})?S)?)?");

    IntervalCodec(Intervals mode) {
        this(mode, true);
    }

    /** The codec for a server of this major version. */
    IntervalCodec writingTo(int serverVersion) {
        return new IntervalCodec(mode, serverVersion >= FIRST_VERSION_WITH_INFINITY);
    }

    @Override
    public SchemaBuilder schema() {
        return mode == Intervals.STRING
                ? SchemaBuilder.string().name(TEXT_SCHEMA).version(1)
                : SchemaBuilder.int64().name(MICROS_SCHEMA).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        long micros = in.getLong();
        int days = in.getInt();
        int months = in.getInt();
        if (isInfinite(micros, days, months)) {
            return mode == Intervals.STRING ? micros > 0 ? INFINITY : MINUS_INFINITY : (Object) micros;
        }
        return mode == Intervals.STRING ? text(micros, days, months) : (Object) micros(micros, days, months);
    }

    private static boolean isInfinite(long micros, int days, int months) {
        return (micros == Long.MAX_VALUE && days == Integer.MAX_VALUE && months == Integer.MAX_VALUE)
                || (micros == Long.MIN_VALUE && days == Integer.MIN_VALUE && months == Integer.MIN_VALUE);
    }

    private static long micros(long micros, int days, int months) {
        try {
            return Math.addExact(
                    Math.addExact(micros, Math.multiplyExact(days, MICROS_PER_DAY)),
                    Math.multiplyExact(months, MICROS_PER_MONTH));
        } catch (ArithmeticException e) {
            throw new DataException(
                    "an interval has more microseconds than 64 bits count; set interval.handling.mode=string", e);
        }
    }

    private static String text(long micros, int days, int months) {
        long seconds = micros / MICROS_PER_SECOND;
        long second = seconds % 60;
        int fraction = (int) (micros % MICROS_PER_SECOND);
        StringBuilder text = new StringBuilder(32)
                .append('P')
                .append(months / 12)
                .append('Y')
                .append(months % 12)
                .append('M')
                .append(days)
                .append("DT")
                .append(seconds / 3600)
                .append('H')
                .append(seconds / 60 % 60)
                .append('M');
        text.append(second < 0 || fraction < 0 ? "-" : "").append(Math.abs(second));
        return ClockText.appendFraction(text, Math.abs(fraction)).append('S').toString();
    }

    @Override
    public boolean accepts(Schema schema) {
        return TEXT_SCHEMA.equals(schema.name()) || MICROS_SCHEMA.equals(schema.name());
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        if (value instanceof Long micros) {
            writeMicros(micros, out);
        } else {
            writeText((String) value, out);
        }
    }

    private void writeMicros(long micros, BinaryWriter out) {
        if (TemporalCodec.isInfinite(micros)) {
            writeInfinity(micros > 0, out);
        } else {
            write(micros, 0, 0, out);
        }
    }

    private void writeText(String text, BinaryWriter out) {
        if (text.equals(INFINITY) || text.equals(MINUS_INFINITY)) {
            writeInfinity(text.equals(INFINITY), out);
            return;
        }
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new UnwritableValueException(
                    "the text is not an interval such as P1Y2M3DT4H5M6.7S, to the microsecond at most");
        }
        try {
            writeParts(parts, out);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new UnwritableValueException("the interval is too long", e);
        }
    }

    private static void writeParts(Matcher parts, BinaryWriter out) {
        boolean negative = parts.start(6) < parts.end(6);
        long second = negative ? -part(parts, 7) : part(parts, 7);
        long seconds = Math.addExact(
                Math.addExact(Math.multiplyExact(part(parts, 4), 3600L), Math.multiplyExact(part(parts, 5), 60L)),
                second);
        int fraction = parts.group(8) == null
                ? 0
                : ClockText.fraction(parts.group(8), 0, parts.group(8).length());
        long micros = Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), negative ? -fraction : fraction);
        int months = Math.toIntExact(Math.addExact(Math.multiplyExact(part(parts, 1), 12L), part(parts, 2)));
        write(micros, Math.toIntExact(part(parts, 3)), months, out);
    }

    private static long part(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }

    private void writeInfinity(boolean positive, BinaryWriter out) {
        if (!writesInfinity) {
            throw new UnwritableValueException("the interval is infinite, which PostgreSQL knows only from version "
                    + FIRST_VERSION_WITH_INFINITY + " on, and this server is older");
        }
        if (positive) {
            write(Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, out);
        } else {
            write(Long.MIN_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE, out);
        }
    }

    private static void write(long micros, int days, int months, BinaryWriter out) {
        out.putLong(micros);
        out.putInt(days);
        out.putInt(months);
    }
}
