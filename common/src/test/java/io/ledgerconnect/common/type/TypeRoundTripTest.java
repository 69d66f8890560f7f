package io.ledgerconnect.common.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ledgerconnect.common.type.Representation.Arrays;
import io.ledgerconnect.common.type.Representation.Binaries;
import io.ledgerconnect.common.type.Representation.Decimals;
import io.ledgerconnect.common.type.Representation.Hstores;
import io.ledgerconnect.common.type.Representation.Intervals;
import io.ledgerconnect.common.type.Representation.Times;
import io.ledgerconnect.common.type.RoundTrip.Carrier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every type through both connectors' codecs, in every representation, against a real server. */
final class TypeRoundTripTest {
    private static RoundTrip trip;

    @BeforeAll
    static void connect() throws SQLException {
        trip = new RoundTrip();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        trip.close();
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void everyValueArrivesAsItWas(Carrier carrier) throws Exception {
        Map<String, String> failures = new TreeMap<>();
        for (EdgeValues values : EdgeValues.ALL) {
            if (differs(carrier, values) && values.existsIn(trip.version())) {
                trip.createSource(values.type(), values.withNull());
                check(values, carrier, false, failures);
            }
        }
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void everyArrayArrivesAsItWas(Carrier carrier) throws Exception {
        Map<String, String> failures = new TreeMap<>();
        for (EdgeValues values : EdgeValues.ALL) {
            if (differs(carrier, values) && values.hasArrays() && values.existsIn(trip.version())) {
                trip.createSource(values.type(), values.withNull());
                trip.gatherSourceIntoArrays(values.type());
                check(values, carrier, true, failures);
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void textIsWhatTheServerWouldWrite() throws Exception {
        int types = 0;
        int arrays = 0;
        for (EdgeValues values : EdgeValues.ALL) {
            if (!values.existsIn(trip.version())) {
                continue;
            }
            trip.createSource(values.type(), values.withNull());
            types += checkTexts();
            boolean withCurrency = values.type().equals("money"); // which only the server's locale knows
            if (values.hasArrays() && !withCurrency) {
                trip.gatherSourceIntoArrays(values.type());
                arrays += checkTexts();
            }
        }
        assertThat(types).isGreaterThan(30);
        assertThat(arrays).isGreaterThan(90);
    }

    /** The number of columns that are text in the record: one or none. */
    private static int checkTexts() throws Exception {
        List<Object> texts = trip.recordTexts();
        if (texts == null) {
            return 0;
        }
        assertThat(texts).as(trip.column("source").declaration()).isEqualTo(trip.serverTexts());
        return 1;
    }

    private static boolean differs(Carrier carrier, EdgeValues values) {
        return carrier != Carrier.JSON_NUMERIC || values.isNumeric();
    }

    @Test
    void theLargestNumbersArriveAsTheyWere() throws Exception {
        trip.createSource("numeric", List.of("1e131071", "-" + "9".repeat(131_072) + "." + "9".repeat(16_383)));
        for (Decimals decimals : List.of(Decimals.PRECISE, Decimals.STRING)) {
            trip.carry(new Representation(decimals, Times.ADAPTIVE, Intervals.STRING), Carrier.JSON);
            assertThat(trip.difference("v")).isEmpty();
        }
    }

    @Test
    void arraysArriveWithoutTheirLowerBounds() throws Exception {
        trip.createSource("int[]", List.of("[5:6]={1,2}", "[-3:-3]={NULL}"));
        trip.carry(Representation.DEFAULT, Carrier.DIRECT);
        assertThat(trip.value("SELECT string_agg(v::text, ' ' ORDER BY id) FROM pg_temp.target"))
                .isEqualTo("{1,2} {NULL}");
    }

    @Test
    void arraysOfSeveralDimensionsStopAndSayWhatToDo() throws Exception {
        trip.createSource("int[]", List.of("{{1,2},{3,4}}"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> trip.carry(Representation.DEFAULT, Carrier.DIRECT))
                .withMessageContaining("2 dimensions")
                .withMessageContaining("array.handling.mode=text")
                .withMessageContaining("column.exclude.list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int[]          | {{1,2},{NULL,4}}                 | integer[]",
                "int[]          | {{{1}},{{2}}}                    | integer[]",
                "int[]          | [0:1][-3:-3]={{1},{2}}           | integer[]",
                "int[]          | [5:6]={1,2}                      | integer[]",
                "int[]          | {}                               | integer[]",
                "text[]         | {{\"a,b\",\"{}\"},{NULL,\"NULL\"}} | text[]",
                "char(3)[]      | {{abc},{\"b  \"}}                | bpchar[]",
                "varchar(3)[]   | {{abc},{b}}                      | text[]",
                "bit(3)[]       | {{101},{001}}                    | bit(3)[]",
                "numeric(10,2)[]| {{1.50,NaN}}                     | numeric[]",
                "timestamp(3)[] | {{infinity,\"0044-03-15 12:00:00.5 BC\"}} | timestamp without time zone[]",
                "timestamptz[]  | {{\"2026-11-22 16:00:00.123456+00\"}} | timestamp with time zone[]",
                "interval day to second(3)[] | {{\"1 day 00:00:00.123\"}} | interval[]",
                "box[]          | {{(3,4),(1,2)};{(1,1),(0,0)}}    | box[]",
                "mood[]         | {{sad},{\"so, so\"}}             | text[]",
                "amount[]       | {{1.50},{0.01}}                  | text[]"
            })
    void arraysOfAnyDimensionsArriveAsText(String type, String array, String target) throws Exception {
        for (Carrier carrier : List.of(Carrier.DIRECT, Carrier.JSON)) {
            trip.createSource(type, List.of(array));
            trip.carry(Representation.DEFAULT.with(Arrays.TEXT), carrier);
            assertThat(trip.difference("v")).isEmpty();
            assertThat(trip.value("SELECT v::text FROM pg_temp.target")).isEqualTo(array);
            assertThat(trip.column("target").declaration()).isEqualTo(target);
        }
    }

    @ParameterizedTest
    @EnumSource(Hstores.class)
    void hstoreBecomesJson(Hstores hstores) throws Exception {
        trip.execute("CREATE EXTENSION IF NOT EXISTS hstore");
        trip.createSource("hstore", List.of("a=>1, b=>NULL, \"q\\\"k\"=>\"\\\\ v\"", ""));
        Representation representation = new Representation(
                Decimals.PRECISE, Times.ADAPTIVE, Intervals.STRING, Binaries.BYTES, hstores, Arrays.ARRAY);
        for (Carrier carrier : List.of(Carrier.DIRECT, Carrier.JSON)) {
            trip.carry(representation, carrier);
            assertThat(trip.value("SELECT count(*) FROM pg_temp.source JOIN pg_temp.target t USING (id)"
                            + " WHERE hstore_to_jsonb(source.v) = t.v::jsonb AND pg_typeof(t.v) = 'json'::regtype"))
                    .isEqualTo("2");
        }
    }

    @Test
    void notANumberNeedsTextOrDouble() throws Exception {
        trip.createSource("numeric(10,2)", List.of("NaN"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> trip.carry(Representation.DEFAULT, Carrier.DIRECT))
                .withMessageContaining("decimal.handling.mode=string");
    }

    @Test
    void timesThatOverflowTheirRepresentationStop() throws Exception {
        trip.createSource("timestamp", List.of("294276-12-31 23:59:59"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> trip.carry(Representation.DEFAULT, Carrier.DIRECT))
                .withMessageContaining("294246");
        trip.createSource("interval", List.of("178000000 years"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> trip.carry(
                        new Representation(Decimals.PRECISE, Times.ADAPTIVE, Intervals.NUMERIC), Carrier.DIRECT))
                .withMessageContaining("interval.handling.mode=string");
    }

    @Test
    void floatsThatAreNoNumbersArrive() throws Exception {
        assertThat(carriedFloats(Carrier.DIRECT)).isEqualTo("NaN Infinity -Infinity -0");
    }

    /**
     * A limit of Connect's JsonConverter, which writes them as text and reads that text as zero. Should this test fail,
     * the converter has been mended, and the limit can go from the documentation.
     */
    @Test
    void connectsJsonMakesZeroOfFloatsThatAreNoNumbers() throws Exception {
        assertThat(carriedFloats(Carrier.JSON)).isEqualTo("0 0 0 0");
    }

    private static String carriedFloats(Carrier carrier) throws Exception {
        trip.createSource("float8", List.of("NaN", "Infinity", "-Infinity", "-0"));
        trip.carry(Representation.DEFAULT, carrier);
        return trip.value("SELECT string_agg(v::text, ' ' ORDER BY id) FROM pg_temp.target");
    }

    private static void check(EdgeValues values, Carrier carrier, boolean array, Map<String, String> failures)
            throws SQLException {
        RoundTrip.Column column = trip.column("source");
        List<Schema> seen = new ArrayList<>();
        for (Representation representation : representations()) {
            try {
                TypeCodec codec = TypeCodecs.forColumn(column.type(), column.modifier(), representation);
                Schema schema = codec.schema().build();
                if (seen.contains(schema) || !values.fits(schema)) {
                    continue;
                }
                seen.add(schema);
                trip.carry(representation, carrier);
                String difference = trip.difference(expected(values.type(), schema, array));
                if (!difference.isEmpty()) {
                    failures.put(failures.size() + " " + column.declaration() + " " + representation, difference);
                }
            } catch (Exception e) {
                failures.put(failures.size() + " " + column.declaration() + " " + representation, e.toString());
            }
        }
    }

    private static List<Representation> representations() {
        List<Representation> all = new ArrayList<>();
        for (Decimals decimals : Decimals.values()) {
            for (Times times : Times.values()) {
                for (Intervals intervals : Intervals.values()) {
                    all.add(new Representation(decimals, times, intervals));
                }
            }
        }
        for (Binaries binaries : Binaries.values()) {
            all.add(new Representation(
                    Decimals.PRECISE, Times.ADAPTIVE, Intervals.STRING, binaries, Hstores.JSON, Arrays.ARRAY));
        }
        all.add(Representation.DEFAULT.with(Arrays.TEXT));
        return all;
    }

    /** What the target holds, as an expression over the source: the value itself where nothing may be lost. */
    private static String expected(String type, Schema schema, boolean array) {
        boolean elements = array && schema.type() == Schema.Type.ARRAY;
        Schema element = elements ? schema.valueSchema() : schema;
        String value = elements ? "e" : "v";
        String lossy = lossy(type, element, value);
        if (lossy == null) {
            return "v";
        }
        return elements
                ? "CASE WHEN v = '{}' THEN '{}' ELSE (SELECT array_agg(" + lossy + " ORDER BY n)"
                        + " FROM unnest(v) WITH ORDINALITY u(e, n)) END"
                : lossy;
    }

    private static String lossy(String type, Schema schema, String value) {
        if (type.equals("money")) {
            return schema.type() == Schema.Type.FLOAT64 ? value + "::numeric::float8" : null;
        }
        if (type.startsWith("numeric") || type.endsWith("amount")) {
            return schema.type() == Schema.Type.FLOAT64 ? value + "::float8" : null;
        }
        String name = String.valueOf(schema.name());
        return switch (name) {
            case Time.LOGICAL_NAME ->
                "CASE " + value + " WHEN '24:00' THEN '24:00' ELSE date_trunc('milliseconds', " + value + ")::time END";
            case Timestamp.LOGICAL_NAME -> "date_trunc('milliseconds', " + value + ") AT TIME ZONE 'UTC'";
            case "io.debezium.time.MicroDuration" -> EdgeValues.microsOfInterval(value);
            default -> null;
        };
    }
}
