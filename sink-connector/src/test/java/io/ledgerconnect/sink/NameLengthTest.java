package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of which the server would keep the beginning only. */
class NameLengthTest {
    private static final String FORMAT = "e.${schema}_${table}";
    private static final String LONGEST = "t".repeat(63);

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void assertRefused(String... settings) {
        assertThatThrownBy(() -> RunningSink.drain(store, topics, settings))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("63 bytes")
                .hasMessageContaining("e.public_")
                .hasMessageContaining("table.name.format, now " + FORMAT);
        assertThat(store.rows("SELECT relname FROM pg_class WHERE relnamespace::regnamespace::text = 'e'"))
                .isEmpty();
        assertThat(store.value("SELECT count(*) FROM ledger_connect.applied")).isEqualTo("0");
    }

    @Test
    void tableWhoseNameWouldBeCutOffIsRefused() {
        source.transaction(0x200).write(LONGEST, 0, Operation.CREATE, 1, 10L, null);
        assertRefused("table.name.format", FORMAT);
        assertRefused("table.name.format", FORMAT, "auto.create", "false");
        RunningSink.drain(store, topics, "table.name.format", "${schema}.${table}");
        assertThat(store.rows("SELECT id FROM public." + LONGEST)).containsExactly("1");
    }

    @Test
    void truncateOfSuchATableIsRefusedToo() {
        source.transaction(0x200).truncate(LONGEST, 0);
        assertRefused("table.name.format", FORMAT);
    }

    @Test
    void bytesCountAndNotCharacters() throws Exception {
        source.transaction(0x200).write("\u00e9".repeat(32), 0, Operation.CREATE, 1, 10L, null);
        assertRefused("table.name.format", FORMAT);
        try (ReportingStore latin1 = new ReportingStore("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")) {
            RunningSink.drain(latin1, topics, "table.name.format", FORMAT);
            assertThat(latin1.rows("SELECT id FROM e.public_" + "\u00e9".repeat(32)))
                    .containsExactly("1");
        }
    }

    @Test
    void namesUpToTheLimitAreWritten() {
        source.transaction(0x200).write(LONGEST.substring(7), 0, Operation.CREATE, 1, 10L, null);
        RunningSink.drain(store, topics, "table.name.format", FORMAT);
        assertThat(store.rows("SELECT id FROM e.public_" + LONGEST.substring(7)))
                .containsExactly("1");
    }

    private List<String> findings(String topic) {
        Map<String, String> properties =
                RunningSink.properties(store, Map.of("topics", topic, "table.name.format", FORMAT));
        properties.remove("topics.regex");
        return new ReportingSinkConnector()
                .validate(properties).configValues().stream()
                        .filter(value -> value.name().equals("table.name.format"))
                        .map(ConfigValue::errorMessages)
                        .flatMap(List::stream)
                        .toList();
    }

    @Test
    void validationFindsSuchNames() {
        assertThat(findings("ledger.public." + LONGEST))
                .singleElement()
                .asString()
                .contains("e.public_" + LONGEST, "63 bytes", "table.name.format, now " + FORMAT);
        assertThat(findings("ledger.public." + LONGEST.substring(7))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void columnWhoseNameWouldBeCutOffIsRefused(boolean existing) {
        String column = "c".repeat(64);
        Schema schema = SchemaBuilder.struct()
                .name("wide")
                .optional()
                .field("id", Schema.INT64_SCHEMA)
                .field(column, Schema.OPTIONAL_INT64_SCHEMA)
                .build();
        if (existing) {
            store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.wide (id bigint PRIMARY KEY, _lsn pg_lsn,"
                    + " _committed_at timestamptz)");
        }
        source.transaction(0x200)
                .send(
                        "wide",
                        0,
                        Operation.CREATE,
                        FakeSource.key(1),
                        null,
                        new Struct(schema).put("id", 1L).put(column, 1L),
                        List.of());
        for (String evolve : List.of("true", "false")) {
            assertThatThrownBy(() -> RunningSink.drain(store, topics, "auto.evolve", evolve))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("[" + column + "] for reporting.wide")
                    .hasMessageContaining("63 bytes")
                    .hasMessageContaining("rename the field with a transform");
        }
    }
}
