package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Intervals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * {@code interval}: int64 µs, int32 days, int32 months on the wire. As text {@code P1Y2M3DT4H5M6.7S}, which keeps all
 * three apart; as a number of µs with months of 365.25 / 12 days, which does not.
 */
record IntervalCodec(Intervals mode) implements TypeCodec {
    private static final String TEXT_SCHEMA = "io.debezium.time.Interval";
    private static final String MICROS_SCHEMA = "io.debezium.time.MicroDuration";
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final double DAYS_PER_MONTH = 365.25 / 12;
    private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
    private static final Pattern TEXT = Pattern.compile(
            "P(?:(-?\\d+)Y)?(?:(-?\\d+)M)?(?:(-?\\d+)D)?(?:T(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?\\d+(?:\\.\\d+)?)S)?)?");

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
        return mode == Intervals.STRING ? text(micros, days, months) : micros(micros, days, months);
    }

    private static Object micros(long micros, int days, int months) {
        return micros + Math.round((days + months * DAYS_PER_MONTH) * MICROS_PER_DAY);
    }

    private static String text(long micros, int days, int months) {
        long seconds = micros / MICROS_PER_SECOND;
        BigDecimal second = BigDecimal.valueOf(micros - seconds / 60 * 60 * MICROS_PER_SECOND, 6)
                .stripTrailingZeros();
        return "P" + months / 12 + "Y" + months % 12 + "M" + days + "DT" + seconds / 3600 + "H" + seconds / 60 % 60
                + "M" + (second.signum() == 0 ? "0" : second.toPlainString()) + "S";
    }

    @Override
    public boolean accepts(Schema schema) {
        return TEXT_SCHEMA.equals(schema.name()) || MICROS_SCHEMA.equals(schema.name());
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        if (value instanceof Long micros) {
            write(micros, 0, 0, out);
            return;
        }
        Matcher text = TEXT.matcher((String) value);
        if (!text.matches()) {
            throw new UnwritableValueException("the text is not an interval such as P1Y2M3DT4H5M6.7S");
        }
        try {
            writeParts(text, out);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new UnwritableValueException("the interval is too long", e);
        }
    }

    private static void writeParts(Matcher text, BinaryWriter out) {
        long micros = Math.addExact(
                Math.multiplyExact(Math.addExact(part(text, 4) * 3600, part(text, 5) * 60), MICROS_PER_SECOND),
                text.group(6) == null
                        ? 0
                        : new BigDecimal(text.group(6)).movePointRight(6).longValueExact());
        write(micros, Math.toIntExact(part(text, 3)), Math.toIntExact(part(text, 1) * 12 + part(text, 2)), out);
    }

    private static long part(Matcher text, int group) {
        return text.group(group) == null ? 0 : Long.parseLong(text.group(group));
    }

    private static void write(long micros, int days, int months, BinaryWriter out) {
        out.putLong(micros);
        out.putInt(days);
        out.putInt(months);
    }
}
