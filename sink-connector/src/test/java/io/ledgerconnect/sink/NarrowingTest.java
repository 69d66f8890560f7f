package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A value that a column made by hand cannot hold exactly is refused: nothing is rounded, cut or padded silently. */
class NarrowingTest {
    private final ReportingStore store = new ReportingStore();

    @BeforeEach
    void createTypes() {
        store.execute("CREATE SCHEMA reporting; CREATE DOMAIN reporting.code AS varchar(3);"
                + " CREATE DOMAIN reporting.money2 AS numeric(10,2)");
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** A column's type, the schema of the ledger's value, and the value. */
    record Case(String type, Schema schema, Object value) {
        @Override
        public String toString() {
            String declared =
                    schema.parameters() == null ? null : schema.parameters().get("ledger.type");
            return value + " of " + (declared == null ? schema.name() + " " + schema.type() : declared) + " into "
                    + type;
        }
    }

    private static Schema text(String declaration) {
        return SchemaBuilder.string()
                .optional()
                .parameter("ledger.type", declaration)
                .build();
    }

    private static Schema text() {
        return Schema.OPTIONAL_STRING_SCHEMA;
    }

    private static Schema decimal(int scale) {
        return Decimal.builder(scale).optional().build();
    }

    private static Schema named(SchemaBuilder type, String name) {
        return type.name(name).version(1).optional().build();
    }

    private static Schema bits(int length) {
        return SchemaBuilder.bytes()
                .name("io.debezium.data.Bits")
                .parameter("length", Integer.toString(length))
                .optional()
                .build();
    }

    private static Schema array(Schema element) {
        return SchemaBuilder.array(element).optional().build();
    }

    static Stream<Case> refused() {
        Schema micros = named(SchemaBuilder.int64(), "io.debezium.time.MicroTimestamp");
        Schema zoned = named(SchemaBuilder.string(), "io.debezium.time.ZonedTimestamp");
        Schema interval = named(SchemaBuilder.string(), "io.debezium.time.Interval");
        return Stream.of(
                new Case("varchar(3)", text("text"), "abc "),
                new Case("varchar(3)", text("character varying(10)"), "abc       "),
                new Case("varchar(3)", text("character(5)"), "ab   "),
                new Case("varchar(3)", text(), "abc "),
                new Case("varchar(3)", text(), "abcd"),
                new Case("reporting.code", text(), "abc "),
                new Case("varchar(3)[]", array(text()), List.of("a", "abc ")),
                new Case("char(3)", text("text"), "ab "),
                new Case("char(3)", text("text"), "a "),
                new Case("char(3)", text(), "a "),
                new Case("char(3)", text(), "abc "),
                new Case("char(3)", text("character(5)"), "abcd "),
                new Case("name", text(), "n".repeat(64)),
                new Case("name", text(), "é".repeat(32)),
                new Case("\"char\"", text("text"), "ab"),
                new Case("numeric(10,2)", decimal(3), new BigDecimal("1.005")),
                new Case("numeric(10,2)", text("numeric"), "1.005"),
                new Case("numeric(10,2)", Schema.OPTIONAL_FLOAT64_SCHEMA, 1.005),
                new Case("numeric(4,2)", decimal(2), new BigDecimal("100.00")),
                new Case("numeric(10,2)[]", array(decimal(3)), List.of(new BigDecimal("1.005"))),
                new Case("reporting.money2", decimal(3), new BigDecimal("1.005")),
                new Case("bigint", decimal(2), new BigDecimal("1.50")),
                new Case("integer", Schema.OPTIONAL_INT64_SCHEMA, 1L << 31),
                new Case("money", decimal(3), new BigDecimal("1.005")),
                new Case("real", Schema.OPTIONAL_FLOAT64_SCHEMA, 0.1),
                new Case("real", Schema.OPTIONAL_INT64_SCHEMA, 16_777_217L),
                new Case("double precision", decimal(2), new BigDecimal("0.10")),
                new Case("timestamp(3)", micros, 1_000_001L),
                new Case("timestamptz(0)", zoned, "2026-11-22T12:34:56.7Z"),
                new Case("timestamp", zoned, "2026-11-22T12:34:56Z"),
                new Case("date", zoned, "2026-11-22T12:34:56Z"),
                new Case("date", micros, 1L),
                new Case("time(0)", named(SchemaBuilder.int64(), "io.debezium.time.MicroTime"), 1L),
                new Case("timetz(0)", named(SchemaBuilder.string(), "io.debezium.time.ZonedTime"), "12:34:56.7+01:00"),
                new Case("interval(0)", interval, "P0Y0M0DT0H0M0.7S"),
                new Case("interval day", interval, "P0Y0M0DT1H0M0S"),
                new Case("bit(12)", bits(8), new byte[] {1}),
                new Case("bit(4)", bits(8), new byte[] {1}),
                new Case("varbit(4)", text("bit varying"), "00101"));
    }

    static Stream<Case> exact() {
        return Stream.of(
                new Case("varchar(3)", text("text"), "ab "),
                new Case("varchar(3)", text("text"), "   "),
                new Case("varchar(3)", text("text"), "𝄞𝄞𝄞"),
                new Case("reporting.code", text(), "abc"),
                new Case("varchar", text(), "abc   "),
                new Case("char(3)", text("text"), "abc"),
                new Case("char(3)", text("character(3)"), "a  "),
                new Case("char(3)", text(), "a  "),
                new Case("bpchar", text("text"), "a "),
                new Case("name", text("name"), "n".repeat(63)),
                new Case("\"char\"", text("\"char\""), "a"),
                new Case("numeric(10,2)", decimal(2), new BigDecimal("-1234.50")),
                new Case("numeric(10,2)", text("numeric"), "0.10"),
                new Case("bit(8)", bits(8), new byte[] {1}));
    }

    private void send(Case given, String mode) {
        store.execute("CREATE TABLE reporting.t (id bigint PRIMARY KEY, v " + given.type()
                + ", _op text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz)");
        Schema row = SchemaBuilder.struct()
                .name("row")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field("v", given.schema())
                .build();
        Topics topics = new Topics();
        new FakeSource(topics, "slot", 0x100, false)
                .transaction(0x200)
                .send(
                        "t",
                        0,
                        Operation.CREATE,
                        FakeSource.key(1),
                        null,
                        new Struct(row).put("id", 1L).put("v", given.value()),
                        List.of());
        try (RunningSink sink = new RunningSink(store, topics, Map.of("table.t.mode", mode))) {
            sink.drain();
        }
    }

    private void assertRefused(Case given, String mode) {
        assertThatThrownBy(() -> send(given, mode))
                .isInstanceOf(ConnectException.class)
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .matches(message -> message.contains("column v")
                                || message.contains("Column v")
                                || message.contains("22001")));
        assertThat(store.rows("SELECT v FROM reporting.t")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatAnUpsertWouldChange(Case given) {
        assertRefused(given, "upsert");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatAnAppendWouldChange(Case given) {
        assertRefused(given, "append");
    }

    @ParameterizedTest
    @MethodSource("exact")
    void writesWhatFits(Case given) {
        send(given, "append");
        Object value = given.value() instanceof byte[] ? "00000001" : given.value();
        assertThat(store.rows("SELECT v FROM reporting.t")).containsExactly(value.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append"})
    void infiniteIntervalIsInfiniteOrRefused(String mode) {
        Case given = new Case("interval", named(SchemaBuilder.string(), "io.debezium.time.Interval"), "infinity");
        boolean known = Integer.parseInt(store.value("SHOW server_version_num")) >= 170_000;
        if (known) {
            send(given, mode);
            assertThat(store.rows("SELECT v FROM reporting.t")).containsExactly("infinity");
        } else {
            assertThatThrownBy(() -> send(given, mode))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("column v: the interval is infinite")
                    .hasMessageContaining("at position 0/200");
            assertThat(store.rows("SELECT v FROM reporting.t")).isEmpty();
        }
    }
}
