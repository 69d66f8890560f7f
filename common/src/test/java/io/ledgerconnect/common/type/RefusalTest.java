package io.ledgerconnect.common.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ledgerconnect.common.type.Representation.Decimals;
import io.ledgerconnect.common.type.Representation.Intervals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be written without loss is refused, and never rounded, wrapped or replaced. */
@SuppressWarnings("JavaUtilDate") // Connect's own logical types are defined in terms of it.
final class RefusalTest {
    private static final PgType TIMESTAMP = PgType.base(1114, "timestamp");
    private static final PgType INTERVAL = PgType.base(1186, "interval");
    private static final int NEWEST = 18;

    record Refused(TypeCodec codec, Object value) {}

    static Stream<Refused> refused() {
        TypeCodec numeric = new NumericCodec(Decimals.PRECISE, -1);
        TypeCodec interval = new IntervalCodec(Intervals.STRING);
        return Stream.of(
                new Refused(NumberCodec.INT2, 32_768),
                new Refused(NumberCodec.INT4, 2_147_483_648L),
                new Refused(NumberCodec.OID, -1L),
                new Refused(NumberCodec.OID, 4_294_967_296L),
                new Refused(NumberCodec.INT8, new BigDecimal("9223372036854775808")),
                new Refused(NumberCodec.INT8, new BigDecimal("1E+1000000000")),
                new Refused(numeric(10, 2), new BigDecimal("0.001")),
                new Refused(numeric(10, 2), new BigDecimal("100000000")),
                new Refused(numeric(10, 2), 100_000_000L),
                new Refused(numeric(10, 2), 0.001),
                new Refused(numeric(10, 2), "0.001"),
                new Refused(numeric(5, -2), new BigDecimal("150")),
                new Refused(numeric(5, -2), new BigDecimal("10000000")),
                new Refused(numeric(3, 5), new BigDecimal("0.01")),
                new Refused(numeric, "1.2.3"),
                new Refused(numeric, ""),
                new Refused(numeric, "1E+1000000000"),
                new Refused(numeric, new BigDecimal("1E+131072")),
                new Refused(numeric, new BigDecimal("1E-16384")),
                new Refused(TextCodec.TEXT, "a\0b"),
                new Refused(TextCodec.TEXT, "é\0"),
                new Refused(TextCodec.TEXT, "half \uD83D pair"),
                new Refused(TextCodec.JSONB, "\"\uDCB6\""),
                new Refused(TextCodec.UUID, "1-1-1-1-1"),
                new Refused(TextCodec.UUID, "01936a5e-7c00-7abc-8def-0123456789ag"),
                new Refused(TemporalCodec.DATE_DAYS, Integer.MIN_VALUE + 1),
                new Refused(TemporalCodec.DATE_CONNECT, new Date(Long.MAX_VALUE)),
                new Refused(TemporalCodec.TIME_CONNECT, new Date(Long.MAX_VALUE - 1)),
                new Refused(TemporalCodec.TIMESTAMP_MILLIS, Long.MAX_VALUE - 1),
                new Refused(TemporalCodec.TIMESTAMP_MILLIS, Long.MIN_VALUE + 1),
                new Refused(TemporalCodec.TIMESTAMP_MICROS, Long.MIN_VALUE + 1),
                new Refused(TemporalCodec.TIMESTAMP_MICROS, Long.MIN_VALUE + 946_684_800_000_000L),
                new Refused(TemporalCodec.TIMESTAMP_CONNECT, new Date(Long.MAX_VALUE - 1)),
                new Refused(new EncodedBytesCodec(Representation.Binaries.HEX), "0g"),
                new Refused(new EncodedBytesCodec(Representation.Binaries.BASE64), "A-=="),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-11-22T16:00:00"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-11-22 16:00:00Z"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-11-22T16-00-00Z"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-11-22T25:00:00Z"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-02-29T00:00:00Z"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-11-22T16:00:00.1234567Z"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "2026-11-22T16:00:00.1234567+01:00"),
                new Refused(TemporalCodec.TIMESTAMPTZ, "+999999999-01-01T00:00:00Z"),
                new Refused(TemporalCodec.TIMESTAMPTZ, ""),
                new Refused(TimeTzCodec.TIMETZ, "12:34:56"),
                new Refused(TimeTzCodec.TIMETZ, "24:00:01Z"),
                new Refused(TimeTzCodec.TIMETZ, "Z"),
                new Refused(interval, "P"),
                new Refused(interval, "PT"),
                new Refused(interval, "P1Y2M3DT"),
                new Refused(interval, "1 day"),
                new Refused(interval, "PT0.1234567S"),
                new Refused(interval, "P2147483648D"),
                new Refused(interval, "P178956971Y"),
                new Refused(interval, "PT9223372036854775807H"),
                new Refused(interval, "PT99999999999999999999S"));
    }

    private static NumericCodec numeric(int precision, int scale) {
        return new NumericCodec(Decimals.PRECISE, modifier(precision, scale));
    }

    private static int modifier(int precision, int scale) {
        return ((precision << 16) | (scale & 0x7ff)) + 4;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatTheTypeCannotHold(Refused refused) {
        assertThatExceptionOfType(UnwritableValueException.class)
                .isThrownBy(() -> refused.codec.write(refused.value, new BinaryWriter(8)));
    }

    @Test
    void namesNoValuesInItsMessages() {
        assertThatExceptionOfType(UnwritableValueException.class)
                .isThrownBy(() -> numeric(10, 2).write("12345.678", new BinaryWriter(8)))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("12345"));
    }

    @Test
    void refusesWhatAColumnOfFewerDecimalsWouldRound() throws UnsupportedTypeException {
        Schema schema = TemporalCodec.TIMESTAMP_MICROS.schema().build();
        TypeCodec seconds = TypeCodecs.forTarget(TIMESTAMP, 0, schema, NEWEST);
        TypeCodec millis = TypeCodecs.forTarget(TIMESTAMP, 3, schema, NEWEST);
        BinaryWriter out = new BinaryWriter(8);
        seconds.write(-1_000_000L, out);
        millis.write(1_000L, out);
        millis.write(Long.MAX_VALUE, out);
        assertThatExceptionOfType(UnwritableValueException.class).isThrownBy(() -> seconds.write(1_000L, out));
        assertThatExceptionOfType(UnwritableValueException.class).isThrownBy(() -> millis.write(1L, out));
    }

    @Test
    void refusesIntervalsThatWouldLoseFieldsOrDecimals() throws UnsupportedTypeException {
        Schema schema = new IntervalCodec(Intervals.STRING).schema().build();
        TypeCodec millis = TypeCodecs.forTarget(INTERVAL, 0x7FFF0003, schema, NEWEST);
        BinaryWriter out = new BinaryWriter(8);
        millis.write("PT0.001S", out);
        assertThatExceptionOfType(UnwritableValueException.class).isThrownBy(() -> millis.write("PT0.0001S", out));
        int yearToMonth = (6 << 16) | 0xFFFF;
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> TypeCodecs.forTarget(INTERVAL, yearToMonth, schema, NEWEST));
    }

    @ParameterizedTest
    @EnumSource(Intervals.class)
    void writesNoInfiniteIntervalToAServerThatKnowsNone(Intervals mode) throws UnsupportedTypeException {
        Schema schema = new IntervalCodec(mode).schema().build();
        PgType domain = new PgType(
                90_002, "delay", 'd', true, null, INTERVAL, 0x7FFF0003, List.of(), List.of(), TypesByOid.NONE);
        List<Object> infinities =
                mode == Intervals.STRING ? List.of("infinity", "-infinity") : List.of(Long.MAX_VALUE, Long.MIN_VALUE);
        for (Object infinity : infinities) {
            for (PgType type : List.of(INTERVAL, domain)) {
                TypeCodec array = TypeCodecs.forTarget(
                        arrayOf(type), -1, SchemaBuilder.array(schema).build(), 16);
                assertThatExceptionOfType(UnwritableValueException.class)
                        .isThrownBy(() -> array.write(List.of(infinity), new BinaryWriter(16)))
                        .withMessageContaining("from version 17 on");
                assertThatExceptionOfType(UnwritableValueException.class)
                        .isThrownBy(
                                () -> TypeCodecs.forTarget(type, -1, schema, 16).write(infinity, new BinaryWriter(16)))
                        .withMessageContaining("from version 17 on");
                BinaryWriter out = new BinaryWriter(16);
                TypeCodecs.forTarget(type, -1, schema, 17).write(infinity, out);
                assertThat(out.size()).isEqualTo(16);
            }
        }
    }

    @Test
    void readsNoTextThatIsNotUtf8() {
        byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RoundTrip.read(TextCodec.TEXT, latin1))
                .withMessageContaining("SQL_ASCII");
    }

    @Test
    void believesNoCountThatTheBytesCannotHold() {
        ByteBuffer array = ByteBuffer.allocate(20)
                .putInt(1)
                .putInt(0)
                .putInt(23)
                .putInt(Integer.MAX_VALUE)
                .putInt(1)
                .flip();
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> new ArrayCodec(23, NumberCodec.INT4).read(array, 20));
    }

    @ParameterizedTest
    @ValueSource(chars = {'p', 'x'})
    void knowsNoTypeThatOnlyBearsABuiltInName(char kind) {
        PgType date = PgType.of(99_999, "date", kind);
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> TypeCodecs.forColumn(date, -1, Representation.DEFAULT))
                .withMessageContaining("date");
    }

    @Test
    void writesNoRepresentationToATypeThatWouldLoseIt() {
        assertRefused(PgType.base(23, "int4"), NumberCodec.FLOAT8.schema().build());
        assertRefused(PgType.base(23, "int4"), numeric(10, 2).schema().build());
        assertRefused(PgType.base(700, "float4"), NumberCodec.FLOAT8.schema().build());
        assertRefused(PgType.base(1082, "date"), Timestamp.SCHEMA);
        assertRefused(TIMESTAMP, TemporalCodec.TIMESTAMPTZ.schema().build());
        assertRefused(PgType.base(1083, "time"), TimeTzCodec.TIMETZ.schema().build());
        assertRefused(PgType.base(1266, "timetz"), Time.SCHEMA);
        assertRefused(PgType.base(17, "bytea"), Schema.STRING_SCHEMA);
        assertRefused(PgType.base(25, "text"), Schema.FLOAT64_SCHEMA);
        assertRefused(PgType.base(25, "text"), org.apache.kafka.connect.data.Date.SCHEMA);
        assertRefused(PgType.base(1043, "varchar"), Schema.INT64_SCHEMA);
    }

    @Test
    void writesScalarsToATextAsTheServersCastDoes() throws UnsupportedTypeException {
        assertThat(written(Schema.INT64_SCHEMA, Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(written(Schema.BOOLEAN_SCHEMA, true)).isEqualTo("true");
        assertThat(written(numeric(10, 2).schema().build(), new BigDecimal("1E+3").setScale(2)))
                .isEqualTo("1000.00");
    }

    private static String written(Schema schema, Object value) throws UnsupportedTypeException {
        BinaryWriter out = new BinaryWriter(16);
        TypeCodecs.forTarget(PgType.base(25, "text"), -1, schema, NEWEST).write(value, out);
        return new String(out.array(), 0, out.size(), StandardCharsets.UTF_8);
    }

    @Test
    void writesNoTextToAnArrayThatWouldCutItsElements() throws UnsupportedTypeException {
        PgType numeric = PgType.base(1700, "numeric");
        PgType price = new PgType(
                90_001, "price", 'd', true, null, numeric, modifier(10, 2), List.of(), List.of(), TypesByOid.NONE);
        assertThat(TypeCodecs.forTarget(arrayOf(numeric), -1, Schema.STRING_SCHEMA, NEWEST)
                        .writesText())
                .isTrue();
        for (PgType element : List.of(numeric, price, PgType.base(1043, "varchar"), PgType.base(1042, "bpchar"))) {
            assertThatExceptionOfType(UnsupportedTypeException.class)
                    .isThrownBy(
                            () -> TypeCodecs.forTarget(arrayOf(element), modifier(10, 2), Schema.STRING_SCHEMA, NEWEST))
                    .withMessageContaining("declare it without");
        }
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(
                        () -> TypeCodecs.forTarget(arrayOf(PgType.base(19, "name")), -1, Schema.STRING_SCHEMA, NEWEST))
                .withMessageContaining("text[]");
    }

    private static PgType arrayOf(PgType element) {
        return new PgType(
                90_000, "_" + element.name(), 'b', true, element, null, -1, List.of(), List.of(), TypesByOid.NONE);
    }

    private static void assertRefused(PgType type, Schema schema) {
        assertThatExceptionOfType(UnsupportedTypeException.class)
                .isThrownBy(() -> TypeCodecs.forTarget(type, -1, schema, NEWEST))
                .withMessageContaining(type.name());
    }
}
