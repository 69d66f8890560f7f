package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that exchange a value which a reporting table made by hand holds to be unique. */
class UniqueValuesTest {
    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @BeforeEach
    void createTable() {
        store.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint,"
                + " note text UNIQUE, _lsn pg_lsn, _committed_at timestamptz)");
        source.transaction(0x200).write(Operation.CREATE, 1, 1L, "a");
        source.write(Operation.CREATE, 2, 2L, "b");
        drain();
        source.transaction(0x300).write(Operation.UPDATE, 1, 1L, "b");
        source.write(Operation.UPDATE, 2, 2L, "a");
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain() {
        RunningSink.drain(store, topics);
    }

    @Test
    void stopTheSinkWithWhatToDo() {
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("constraint transfers_note_key")
                .hasMessageContaining("ALTER TABLE \"reporting\".\"transfers\" DROP CONSTRAINT \"transfers_note_key\"")
                .hasMessageContaining("DEFERRABLE INITIALLY DEFERRED");
        assertThat(store.rows("SELECT note FROM reporting.transfers ORDER BY id"))
                .containsExactly("a", "b");
    }

    @Test
    void areWrittenWhereTheConstraintIsDeferred() {
        store.execute("ALTER TABLE reporting.transfers DROP CONSTRAINT transfers_note_key,"
                + " ADD CONSTRAINT transfers_note_key UNIQUE (note) DEFERRABLE INITIALLY DEFERRED");
        drain();
        assertThat(store.rows("SELECT note FROM reporting.transfers ORDER BY id"))
                .containsExactly("b", "a");
    }
}
