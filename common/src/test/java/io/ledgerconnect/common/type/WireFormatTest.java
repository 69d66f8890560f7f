package io.ledgerconnect.common.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.type.Representation.Binaries;
import io.ledgerconnect.common.type.Representation.Decimals;
import io.ledgerconnect.common.type.Representation.Intervals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden bytes: the formats are those of the server's {@code *_send} functions. */
final class WireFormatTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final int INT4_OID = 23;

    /**
     * A type's codec, the server's expression for a value, its bytes in hex (blanks divide the fields), and the value.
     */
    record Golden(TypeCodec codec, String sql, String hex, Object value) {
        byte[] bytes() {
            return HEX.parseHex(hex.replace(" ", ""));
        }
    }

    static Stream<Golden> golden() {
        TypeCodec ints = new ArrayCodec(INT4_OID, NumberCodec.INT4);
        return Stream.of(
                new Golden(NumberCodec.INT2, "int2send((-32768)::int2)", "8000", Short.MIN_VALUE),
                new Golden(NumberCodec.INT4, "int4send(2147483647)", "7fffffff", Integer.MAX_VALUE),
                new Golden(NumberCodec.INT4, "int4send(-2)", "fffffffe", -2),
                new Golden(NumberCodec.INT8, "int8send(4294967296)", "0000000100000000", 0x1_0000_0000L),
                new Golden(NumberCodec.OID, "oidsend('4294967295')", "ffffffff", 4_294_967_295L),
                new Golden(NumberCodec.FLOAT4, "float4send(1.5)", "3fc00000", 1.5f),
                new Golden(NumberCodec.FLOAT4, "float4send('NaN')", "7fc00000", Float.NaN),
                new Golden(NumberCodec.FLOAT8, "float8send('-0')", "8000000000000000", -0.0),
                new Golden(NumberCodec.FLOAT8, "float8send('-Infinity')", "fff0000000000000", Double.NEGATIVE_INFINITY),
                new Golden(BytesCodec.BOOLEAN, "boolsend(true)", "01", true),
                new Golden(BytesCodec.BOOLEAN, "boolsend(false)", "00", false),
                new Golden(BytesCodec.BYTEA, "byteasend('\\x00ff')", "00ff", new byte[] {0, -1}),
                new Golden(BytesCodec.BYTEA, "byteasend('')", "", new byte[0]),
                new Golden(TextCodec.TEXT, "textsend('é\uD83D\uDCB6')", "c3a9f09f92b6", "é\uD83D\uDCB6"),
                new Golden(TextCodec.TEXT, "textsend('')", "", ""),
                new Golden(TextCodec.JSON, "json_send('{}')", "7b7d", "{}"),
                new Golden(TextCodec.JSONB, "jsonb_send('{}')", "01 7b7d", "{}"),
                new Golden(
                        TextCodec.UUID,
                        "uuid_send('01936a5e-7c00-7abc-8def-0123456789ab')",
                        "01936a5e7c007abc8def0123456789ab",
                        "01936a5e-7c00-7abc-8def-0123456789ab"),
                new Golden(new TextCodec.Labels(List.of("sad")), "enum_send('sad'::pg_temp.mood)", "736164", "sad"),
                new Golden(
                        numeric(10, 2), "numeric_send(1.45)", "0002 0000 0000 0002 0001 1194", new BigDecimal("1.45")),
                new Golden(numeric(10, 2), "numeric_send(0.00)", "0000 0000 0000 0002", new BigDecimal("0.00")),
                new Golden(
                        numeric(10, 4), "numeric_send(-0.0001)", "0001 ffff 4000 0004 0001", new BigDecimal("-0.0001")),
                new Golden(
                        numeric(20, 0),
                        "numeric_send(100000000)",
                        "0001 0002 0000 0000 0001",
                        new BigDecimal("100000000")),
                new Golden(
                        numeric(5, -2),
                        "numeric_send(12500)",
                        "0002 0001 0000 0000 0001 09c4",
                        new BigDecimal("125E+2")),
                new Golden(
                        numeric(38, 5),
                        "numeric_send(-12345678901234564567.25005)",
                        "0007 0004 4000 0005 04d2 162e 2334 0d80 11d7 09c4 1388",
                        new BigDecimal("-12345678901234564567.25005")),
                new Golden(undeclared(Decimals.STRING), "numeric_send('NaN')", "0000 0000 c000 0000", "NaN"),
                new Golden(undeclared(Decimals.STRING), "numeric_send('Infinity')", "0000 0000 d000 0020", "Infinity"),
                new Golden(
                        undeclared(Decimals.DOUBLE),
                        "numeric_send('-Infinity')",
                        "0000 0000 f000 0020",
                        Double.NEGATIVE_INFINITY),
                new Golden(undeclared(Decimals.STRING), "numeric_send(1.000)", "0001 0000 0000 0003 0001", "1.000"),
                new Golden(TemporalCodec.DATE_DAYS, "date_send('2000-01-01')", "00000000", 10_957),
                new Golden(TemporalCodec.DATE_DAYS, "date_send('infinity')", "7fffffff", Integer.MAX_VALUE),
                new Golden(TemporalCodec.DATE_DAYS, "date_send('-infinity')", "80000000", Integer.MIN_VALUE),
                new Golden(TemporalCodec.TIME_MILLIS, "time_send('00:00:01')", "00000000000f4240", 1000),
                new Golden(TemporalCodec.TIME_MICROS, "time_send('24:00:00')", "000000141dd76000", 86_400_000_000L),
                new Golden(
                        TemporalCodec.TIMESTAMP_MILLIS,
                        "timestamp_send('2000-01-01 00:00:01')",
                        "00000000000f4240",
                        946_684_801_000L),
                new Golden(
                        TemporalCodec.TIMESTAMP_MICROS,
                        "timestamp_send('2000-01-01 00:00:00.000001')",
                        "0000000000000001",
                        946_684_800_000_001L),
                new Golden(
                        TemporalCodec.TIMESTAMP_MICROS,
                        "timestamp_send('infinity')",
                        "7fffffffffffffff",
                        Long.MAX_VALUE),
                new Golden(
                        TemporalCodec.TIMESTAMPTZ,
                        "timestamptz_send('1999-12-31T23:59:59.999999Z')",
                        "ffffffffffffffff",
                        "1999-12-31T23:59:59.999999Z"),
                new Golden(
                        TemporalCodec.TIMESTAMPTZ,
                        "timestamptz_send('2000-01-01T00:00:00.1Z')",
                        "00000000000186a0",
                        "2000-01-01T00:00:00.100000Z"),
                new Golden(
                        ZonedTimestampCodec.of(3),
                        "timestamptz_send('2000-01-01T00:00:00.1Z')",
                        "00000000000186a0",
                        "2000-01-01T00:00:00.100Z"),
                new Golden(new EncodedBytesCodec(Binaries.HEX), "byteasend('\\xfbefbe00')", "fbefbe00", "fbefbe00"),
                new Golden(new EncodedBytesCodec(Binaries.BASE64), "byteasend('\\xfbefbe00')", "fbefbe00", "++++AA=="),
                new Golden(
                        new EncodedBytesCodec(Binaries.BASE64_URL_SAFE),
                        "byteasend('\\xfbefbe00')",
                        "fbefbe00",
                        "----AA=="),
                new Golden(TemporalCodec.TIMESTAMPTZ, "timestamptz_send('-infinity')", "8000000000000000", "-infinity"),
                new Golden(
                        TimeTzCodec.TIMETZ,
                        "timetz_send('00:00:01+01')",
                        "00000000000f4240 fffff1f0",
                        "00:00:01+01:00"),
                new Golden(TimeTzCodec.TIMETZ, "timetz_send('00:00:00+00')", "0000000000000000 00000000", "00:00:00Z"),
                new Golden(
                        interval(),
                        "interval_send('-1 year -2 months -3 days -00:00:00.000001')",
                        "ffffffffffffffff fffffffd fffffff2",
                        "P-1Y-2M-3DT0H0M-0.000001S"),
                new Golden(
                        interval(),
                        "interval_send('14 months 3 days 01:00:04.34')",
                        "00000000d6d5dd20 00000003 0000000e",
                        "P1Y2M3DT1H0M4.34S"),
                new Golden(interval(), "interval_send('infinity')", "7fffffffffffffff 7fffffff 7fffffff", "infinity"),
                new Golden(ints, "array_send('{}'::int[])", "00000000 00000000 00000017", List.of()),
                new Golden(
                        ints,
                        "array_send('{7,NULL}'::int[])",
                        "00000001 00000001 00000017 00000002 00000001 00000004 00000007 ffffffff",
                        Arrays.asList(7, null)));
    }

    private static NumericCodec undeclared(Decimals mode) {
        return new NumericCodec(mode, -1);
    }

    private static NumericCodec numeric(int precision, int scale) {
        return new NumericCodec(Decimals.PRECISE, ((precision << 16) | (scale & 0x7ff)) + 4);
    }

    private static IntervalCodec interval() {
        return new IntervalCodec(Intervals.STRING);
    }

    @Test
    void theServerSendsTheseBytes() throws SQLException {
        try (RoundTrip trip = new RoundTrip()) {
            for (Golden golden : golden().toList()) {
                if (golden.sql.contains("interval_send('infinity')") && trip.version() < 17) {
                    continue;
                }
                assertThat(trip.value("SELECT encode(" + golden.sql + ", 'hex')"))
                        .as(golden.sql)
                        .isEqualTo(golden.hex.replace(" ", ""));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void readsTheServersBytes(Golden golden) {
        assertThat(RoundTrip.read(golden.codec, golden.bytes())).isEqualTo(golden.value);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void writesTheServersBytes(Golden golden) {
        BinaryWriter out = new BinaryWriter(0);
        golden.codec.write(golden.value, out);
        assertThat(HEX.formatHex(out.array(), 0, out.size())).isEqualTo(golden.hex.replace(" ", ""));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void refusesBytesThatAreCutOff(Golden golden) {
        byte[] bytes = golden.bytes();
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> golden.codec.read(cut, bytes.length))
                    .as("%s of %s bytes", length, bytes.length)
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
