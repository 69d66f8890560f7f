package io.ledgerconnect.common.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.PositionHeader.MalformedPositionException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PositionHeaderTest {
    private static final String TEXT =
            "1/7345678901234567890/ledger/ledger_slot@16B3748/public.transfers/0/17/16b4a10/2/1790000000000000/c";

    private final PositionHeader.Reader reader = new PositionHeader.Reader();

    private static PositionHeader header(String database, String stream, String table) {
        return new PositionHeader(
                new Channel(new SourceId("7345678901234567890", database), stream, table, 0),
                17,
                new SourcePosition(0x16B4A10, 2),
                1_790_000_000_000_000L,
                Operation.CREATE);
    }

    @Test
    void hasTheDocumentedForm() {
        PositionHeader header = header("ledger", "ledger_slot@16B3748", "public.transfers");
        assertThat(header.encode()).isEqualTo(TEXT);
        assertThat(reader.read(TEXT)).isEqualTo(header);
    }

    @Test
    void mayTellADigest() {
        PositionHeader plain = header("ledger", "ledger_slot@16B3748", "public.transfers");
        for (long digest : new long[] {0x9f3c00a1b2c4d5e6L, 1, -1}) {
            PositionHeader header = new PositionHeader(
                    plain.channel(),
                    plain.sequence(),
                    plain.position(),
                    plain.committedAtMicros(),
                    plain.operation(),
                    digest);
            assertThat(header.encode()).isEqualTo(TEXT + String.format("/%016x", digest));
            assertThat(reader.read(header.encode())).isEqualTo(header);
        }
        assertThat(reader.read(TEXT).digest()).isEqualTo(ChangeDigest.NONE);
    }

    @Test
    void keepsTheLargestNumbers() {
        PositionHeader header = new PositionHeader(
                new Channel(new SourceId("18446744073709551615", "l"), "s@FFFFFFFFFFFFFFFF", "a.b", Integer.MAX_VALUE),
                Long.MAX_VALUE,
                new SourcePosition(-1, Long.MAX_VALUE),
                Long.MAX_VALUE,
                Operation.TRUNCATE);
        assertThat(reader.read(header.encode())).isEqualTo(header);
    }

    @ParameterizedTest
    @MethodSource("oddNames")
    void keepsOddNames(String name) {
        PositionHeader header = header(name, name, name);
        assertThat(header.encode()).matches("[A-Za-z0-9/@%._*-]+");
        assertThat(reader.read(header.encode())).isEqualTo(header);
    }

    @ParameterizedTest
    @MethodSource("oddNames")
    void survivesHeaderConverters(String name) {
        String text = header(name, name, name).encode() + "/9f3c00a1b2c4d5e6";
        for (HeaderConverter converter : converters()) {
            byte[] bytes = converter.fromConnectHeader("t", PositionHeader.NAME, Schema.STRING_SCHEMA, text);
            assertThat(converter
                            .toConnectHeader("t", PositionHeader.NAME, bytes)
                            .value())
                    .as(converter.getClass().getSimpleName())
                    .isEqualTo(text);
        }
    }

    static Stream<String> oddNames() {
        return Stream.of(
                "ledger",
                "with space",
                "a/b//c/",
                "a.b.c",
                "\"quoted\" 'single' `back`",
                "a+b&c=d%2F%",
                "{json: [1, 2]}",
                "true",
                "null",
                "2026-11-22T16:00:00.000Z",
                "1e10",
                "back\\slash",
                "tab\tnew\nline",
                "@",
                "é中文\uD83D\uDCB6",
                "*~!$^()");
    }

    private static List<HeaderConverter> converters() {
        SimpleHeaderConverter simple = new SimpleHeaderConverter();
        simple.configure(Map.of());
        StringConverter string = new StringConverter();
        string.configure(Map.of("converter.type", "header"));
        return List.of(simple, string, json(true), json(false));
    }

    private static JsonConverter json(boolean schemas) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("converter.type", "header", "schemas.enable", schemas));
        return converter;
    }

    @Test
    void sharesTheChannelsItHasMet() {
        PositionHeader first = reader.read(TEXT);
        PositionHeader next = reader.read(TEXT.replace("/17/", "/18/"));
        assertThat(next.channel()).isSameAs(first.channel());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/////////",
                "//////////",
                "1/2",
                "2/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/c/",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/x",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/c/9f3c00a1b2c4d5e",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/c/9f3c00a1b2c4d5ex",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179/9f3c00a1b2c4d5e6",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/179",
                "1/7345/ledger/more/s@1/a.b/0/17/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/-1/17/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/x/17/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/0/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/-17/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/9223372036854775808/16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/17/-16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/17/+16b4a10/2/179/c",
                "1/7345/ledger/s@1/a.b/0/17/10000000000000000/2/179/c",
                "1/7345/ledger/s@1/a.b/0/17//2/179/c",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/0/179/c",
                "1/7345/ledger/s@1/a.b/0/17/16b4a10/2/1.5/c",
                "1//ledger/s@1/a.b/0/17/16b4a10/2/179/c",
                "1/7345//s@1/a.b/0/17/16b4a10/2/179/c",
                "1/7345/ledger//a.b/0/17/16b4a10/2/179/c",
                "1/7345/ledger/s@1//0/17/16b4a10/2/179/c",
                "1/7345/led%zzer/s@1/a.b/0/17/16b4a10/2/179/c",
                "1/7345/ledger%/s@1/a.b/0/17/16b4a10/2/179/c"
            })
    void refusesWhatIsNotOfItsForm(String text) {
        assertThatExceptionOfType(MalformedPositionException.class)
                .isThrownBy(() -> reader.read(text))
                .withMessageContaining("ledger.position")
                .withMessageContaining("version 1");
    }

    @Test
    void showsOnlyTheBeginningOfLongNonsense() {
        assertThatExceptionOfType(MalformedPositionException.class)
                .isThrownBy(() -> reader.read("x".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }
}
