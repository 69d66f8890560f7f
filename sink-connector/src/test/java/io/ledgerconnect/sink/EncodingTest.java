package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reporting store whose encoding knows fewer characters than the ledger's. */
class EncodingTest {
    private final ReportingStore store = new ReportingStore("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain(String... settings) {
        RunningSink.drain(store, topics, settings);
    }

    @Test
    void isWritten() {
        source.transaction(0x200).insert(1, 10);
        source.write(Operation.CREATE, 2, 20L, "caf\u00e9");
        drain();
        source.transaction(0x300).update(1, 11);
        source.delete(2);
        source.write("entries", 0, Operation.CREATE, 3, 30L, "\u00fc");
        source.watermark(0x300);
        drain("table.entries.mode", "append");
        assertThat(store.rows("SELECT id, amount, note FROM reporting.transfers"))
                .containsExactly("1|11|note 1");
        assertThat(store.rows("SELECT id, amount, note FROM reporting.entries")).containsExactly("3|30|\u00fc");
        assertThat(store.rows("SELECT complete_through_lsn, quarantined, gap FROM ledger_connect.status"))
                .containsExactly("0/300|0|");
    }

    @Test
    void isValidatedAndWarnedOf() {
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint"
                + " UNIQUE, note text, _lsn pg_lsn, _committed_at timestamptz);"
                + " CREATE UNIQUE INDEX ON reporting.transfers (note) WHERE amount > 0");
        Map<String, String> properties = RunningSink.properties(store, Map.of("topics", "ledger.public.transfers"));
        properties.remove("topics.regex");
        assertThat(new ReportingSinkConnector().validate(properties).configValues())
                .flatMap(ConfigValue::errorMessages)
                .isEmpty();
        source.transaction(0x200).insert(1, 10);
        drain();
        source.transaction(0x300).insert(2, 10);
        drain("errors.tolerance", "all");
        assertThat(store.value("SELECT reason FROM ledger_connect.quarantine")).contains("DEFERRABLE");
    }

    @Test
    void refusesWhatItsEncodingLacks() {
        source.transaction(0x200).write(Operation.CREATE, 1, 10L, "\uacb0\uc81c caf\u00e9");
        source.insert(2, 20);
        assertThatThrownBy(() -> drain())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("a character that the encoding of the reporting store lacks")
                .hasMessageContaining("SQLSTATE 22P05")
                .hasMessageNotContaining("caf");
        drain("errors.tolerance", "all");
        assertThat(store.rows("SELECT id FROM reporting.transfers")).containsExactly("2");
        assertThat(store.value("SELECT value FROM ledger_connect.quarantine"))
                .as("whole")
                .contains("\"note\":\"\\uacb0\\uc81c caf\\u00e9\"");
    }

    @Test
    void namesThatItsEncodingLacksStopTheSink() {
        source.transaction(0x200).write("\uacb0\uc81c", 0, Operation.CREATE, 1, 10L, null);
        assertThatThrownBy(() -> drain())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("SQLSTATE 22P05")
                .hasMessageContaining("a database of the encoding UTF8");
    }
}
