package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A record of which the values were altered between source and sink. */
class AlteredRecordTest {
    private static final String AMOUNTS = "SELECT id || '=' || amount FROM reporting.transfers ORDER BY id";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);
    private SinkRecord altered;

    @BeforeEach
    void send() {
        source.transaction(0x200).insert(1, 100);
        altered = source.insert(2, 200);
        source.insert(3, 300);
        ((Struct) altered.value()).getStruct("after").put("amount", 201L);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain(String... settings) {
        RunningSink.drain(store, topics, settings);
    }

    @Test
    void stopsTheSinkAndIsNamedWithoutItsValues() {
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("ledger.public.transfers-0 offset 1")
                .hasMessageContaining("at position 0/200")
                .hasMessageContaining("not what the source connector sent")
                .hasMessageContaining("ledger-connect repair")
                .hasMessageNotContaining("201");
        assertThat(store.rows("SELECT count(*) FROM pg_tables WHERE tablename = 'transfers'"))
                .containsExactly("0");
    }

    @Test
    void goesIntoTheQuarantineWhereThatIsWanted() {
        drain("errors.tolerance", "all");
        assertThat(store.rows(AMOUNTS)).containsExactly("1=100", "3=300");
        assertThat(store.rows("SELECT reason FROM ledger_connect.quarantine"))
                .singleElement()
                .asString()
                .contains("not what the source connector sent");
    }

    @Test
    void isTakenWhereContentsAreNotChecked() {
        drain("content.check", "false");
        assertThat(store.rows(AMOUNTS)).containsExactly("1=100", "2=201", "3=300");
    }

    @Test
    void isTakenFromATransformThatMayAlterValues() {
        drain("transforms", "mask", "transforms.mask.type", "org.apache.kafka.connect.transforms.MaskField$Value");
        assertThat(store.rows(AMOUNTS)).containsExactly("1=100", "2=201", "3=300");
    }

    @Test
    void isNotTakenFromATransformThatOnlyRoutes() {
        assertThatThrownBy(() -> drain(
                        "transforms",
                        "route",
                        "transforms.route.type",
                        "org.apache.kafka.connect.transforms.RegexRouter"))
                .hasMessageContaining("not what the source connector sent");
    }

    @Test
    void doesNotMatterOnceItIsApplied() {
        ((Struct) altered.value()).getStruct("after").put("amount", 200L);
        drain();
        ((Struct) altered.value()).getStruct("after").put("amount", 201L);
        topics.repeat(altered);
        source.transaction(0x300).update(1, 101);
        drain();
        assertThat(store.rows(AMOUNTS)).containsExactly("1=101", "2=200", "3=300");
    }
}
