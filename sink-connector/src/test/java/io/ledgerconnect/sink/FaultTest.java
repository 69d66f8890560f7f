package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.sink.database.ToldFault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Faults of the environment are retried; rows that a table refuses stop the task or are quarantined. */
class FaultTest {
    private static final String TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + "WHERE application_name LIKE 'ledger-connect-sink%' AND datname = current_database()";
    private static final String TOTALS = "SELECT count(*), count(DISTINCT id) FROM reporting.transfers";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @BeforeEach
    void createTable() {
        store.execute("CREATE SCHEMA reporting");
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void createCheckedTable() {
        store.execute("CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, amount bigint CHECK (amount > 0), "
                + "note varchar(20), _lsn pg_lsn, _committed_at timestamptz)");
    }

    private RunningSink sink(String... settings) {
        Map<String, String> more = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        return new RunningSink(store, topics, more);
    }

    @Test
    void goesOnAfterItsConnectionWasCut() {
        try (RunningSink sink = sink("table.transfers.mode", "append", "retry.backoff.max.ms", "100")) {
            for (int i = 1; i <= 10; i++) {
                source.transaction(0x200 + i).insert(i, i);
                sink.drain();
                store.rows(TERMINATE);
            }
            source.transaction(0x300).insert(11, 11);
            sink.drain();
            assertThat(sink.retries).isPositive();
        }
        assertThat(store.value(TOTALS)).isEqualTo("11|11");
    }

    @Test
    void transactionCutInTheMiddleIsWrittenOnce() throws Exception {
        store.execute("CREATE TABLE reporting.transfers (id bigint, amount bigint, note text, _op text, _lsn pg_lsn, "
                + "_ordinal bigint, _committed_at timestamptz)");
        for (int i = 1; i <= 100; i++) {
            source.transaction(0x200 + i).insert(i, i);
        }
        try (RunningSink sink = sink("table.transfers.mode", "append");
                Connection blocker = store.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE reporting.transfers IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Void> draining = CompletableFuture.runAsync(sink::drain);
            Awaitility.await()
                    .until(() -> store.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'relation'")
                            .equals("1"));
            store.rows(TERMINATE);
            blocker.rollback();
            draining.get();
        }
        assertThat(store.value(TOTALS)).isEqualTo("100|100");
    }

    @Test
    void readOnlyServerIsRetriedOnANewConnection() {
        createCheckedTable();
        source.transaction(0x200).insert(1, 1);
        try (RunningSink sink = sink()) {
            sink.drain();
            store.execute("ALTER DATABASE " + store.value("SELECT current_database()")
                    + " SET default_transaction_read_only = on");
            store.rows(TERMINATE);
            source.transaction(0x300).insert(2, 2);
            List<org.apache.kafka.connect.sink.SinkRecord> records = sink.poll();
            assertThatThrownBy(() -> sink.putOnce(records)).isInstanceOf(RetriableException.class);
            assertThatThrownBy(() -> sink.putOnce(records))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("25006");
            assertThat(sink.context.timeoutMillis).isPositive();
            store.execute("BEGIN READ WRITE; ALTER DATABASE " + store.value("SELECT current_database()")
                    + " RESET default_transaction_read_only; COMMIT");
            sink.put(records);
        }
        assertThat(store.value(TOTALS)).isEqualTo("2|2");
    }

    @Test
    void startsWithoutTheReportingStore() {
        try (RunningSink sink = sink("connection.url", "jdbc:postgresql://localhost:1/nowhere?connectTimeout=1")) {
            source.transaction(0x200).insert(1, 1);
            assertThatThrownBy(() -> sink.putOnce(sink.poll())).isInstanceOf(RetriableException.class);
        }
    }

    @Test
    void refusedRowStopsTheTaskAndIsNamedWithoutItsValues() {
        createCheckedTable();
        source.transaction(0x200).insert(1, 1);
        source.transaction(0x300).insert(2, -4711);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining(
                            "reporting.transfers refused the record at ledger.public.transfers-0 offset 1")
                    .hasMessageContaining("position 0/300 #1")
                    .hasMessageContaining("SQLSTATE 23514")
                    .hasMessageContaining("transfers_amount_check")
                    .hasMessageNotContaining("4711")
                    .hasNoCause();
        }
        assertThat(store.value(TOTALS)).isEqualTo("0|0");
    }

    @Test
    void refusedRowsAreQuarantinedWholeAndTheOthersWritten() {
        createCheckedTable();
        for (int i = 1; i <= 100; i++) {
            source.transaction(0x200 + i).insert(i, i == 37 ? -37 : i);
        }
        source.transaction(0x300).write(Operation.CREATE, 101, 1L, "x".repeat(21));
        source.transaction(0x301).write(Operation.CREATE, 102, 1L, "a\0b");
        source.transaction(0x302).update(1, 7);
        source.watermark(0x310);
        try (RunningSink sink = sink("errors.tolerance", "all")) {
            sink.drain();
            assertThat(sink.context.deadLetters).hasSize(3);
        }
        assertThat(store.value(TOTALS)).isEqualTo("99|99");
        assertThat(store.value("SELECT amount FROM reporting.transfers WHERE id = 1"))
                .isEqualTo("7");
        assertThat(store.rows(
                        "SELECT kafka_offset, lsn, key->>'id', sqlstate FROM ledger_connect.quarantine ORDER BY id"))
                .containsExactly("36|0/225|37|23514", "100|0/300|101|22001", "101|0/301|102|");
        assertThat(store.rows(
                        "SELECT value->'after'->>'amount' FROM ledger_connect.quarantine WHERE sqlstate = '23514'"))
                .containsExactly("-37");
        assertThat(store.value("SELECT complete_through_lsn, quarantined FROM ledger_connect.status"))
                .isEqualTo("0/310|3");
        assertThat(store.rows("SELECT reason FROM ledger_connect.quarantine WHERE sqlstate IS NULL"))
                .containsExactly("column note: the text contains a zero character, which PostgreSQL cannot store");
    }

    @Test
    void missingPrivilegeStopsTheTask() throws SQLException {
        store.execute("CREATE ROLE reader_" + store.value("SELECT current_database()") + " LOGIN PASSWORD 'x'");
        source.transaction(0x200).insert(1, 1);
        try (RunningSink sink = sink(
                "connection.user", "reader_" + store.value("SELECT current_database()"), "connection.password", "x")) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("42501")
                    .hasMessageContaining("Grant the connector's role");
        }
    }

    /** Accounts are written before the transfers that they refer to. */
    private void createReferringTable() {
        createCheckedTable();
        store.execute("CREATE TABLE reporting.accounts (id bigint PRIMARY KEY, amount bigint REFERENCES"
                + " reporting.transfers DEFERRABLE INITIALLY DEFERRED, note text, _lsn pg_lsn, _committed_at"
                + " timestamptz)");
    }

    @Test
    void deferredConstraintThatTheBatchFulfilsIsFulfilled() {
        createReferringTable();
        source.transaction(0x200).write("accounts", 0, Operation.CREATE, 1, 7L, null);
        source.insert(7, 1);
        source.insert(8, -1);
        try (RunningSink sink = sink("errors.tolerance", "all")) {
            sink.drain();
        }
        assertThat(store.rows("SELECT id, amount FROM reporting.accounts")).containsExactly("1|7");
        assertThat(store.rows("SELECT target, sqlstate FROM ledger_connect.quarantine"))
                .containsExactly("reporting.transfers|23514");
    }

    @Test
    void rowThatViolatesADeferredConstraintIsNamed() {
        createReferringTable();
        source.transaction(0x200).insert(7, 1);
        source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 99L, null);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("reporting.accounts refused the record at ledger.public.accounts-0 offset 0")
                    .hasMessageContaining("accounts_amount_fkey")
                    .hasMessageContaining("SQLSTATE 23503");
        }
    }

    @Test
    void rowThatViolatesADeferredConstraintIsQuarantined() {
        createReferringTable();
        source.transaction(0x200).insert(7, 1);
        try (RunningSink sink = sink("errors.tolerance", "all")) {
            sink.drain();
            source.transaction(0x300).write("accounts", 0, Operation.CREATE, 1, 7L, null);
            source.write("accounts", 0, Operation.CREATE, 2, 99L, null);
            source.write("accounts", 0, Operation.CREATE, 3, 7L, null);
            sink.drain();
        }
        assertThat(store.rows("SELECT id FROM reporting.accounts ORDER BY id")).containsExactly("1", "3");
        assertThat(store.rows("SELECT key->>'id', sqlstate FROM ledger_connect.quarantine"))
                .containsExactly("2|23503");
    }

    private void createRaisingTable(String raise) {
        createCheckedTable();
        store.execute("CREATE FUNCTION reporting.raise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + raise
                + "; END $$; CREATE TRIGGER raise BEFORE INSERT ON reporting.transfers FOR EACH ROW"
                + " EXECUTE FUNCTION reporting.raise()");
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @Test
    void whatATriggerRaisesIsNotRepeated() {
        createRaisingTable(
                "RAISE 'amount % is wrong', NEW.amount USING DETAIL = NEW.amount, HINT = NEW.amount, TABLE = "
                        + "'transfers', CONSTRAINT = 'rule'");
        source.transaction(0x200).insert(1, 4711);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("(SQLSTATE P0001): table transfers, constraint rule, routine exec_stmt_raise")
                    .satisfies(thrown -> assertThat(trace(thrown)).doesNotContain("4711"));
        }
    }

    @Test
    void whatATriggerRaisesUnderAStateOfTheEnvironmentIsNotRepeated() {
        createRaisingTable("RAISE 'amount % later', NEW.amount USING ERRCODE = '55P03', DETAIL = NEW.amount");
        source.transaction(0x200).insert(1, 4711);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(() -> sink.putOnce(sink.poll()))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("(SQLSTATE 55P03): routine exec_stmt_raise")
                    .satisfies(thrown -> assertThat(trace(thrown)).doesNotContain("4711"));
        }
    }

    @Test
    void parametersOfABatchAreNotRepeated() {
        createCheckedTable();
        source.transaction(0x200).insert(1, 4711);
        source.transaction(0x300).insert(2, -4711);
        try (RunningSink sink = sink("errors.tolerance", "all")) {
            sink.putOnce(List.of());
            store.execute("ALTER TABLE ledger_connect.quarantine ADD CHECK (kafka_offset < 0)");
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("(SQLSTATE 23514): schema ledger_connect, table quarantine, constraint")
                    .satisfies(thrown -> assertThat(trace(thrown)).doesNotContain("4711"));
        }
    }

    @Test
    void otherMessagesOfTheServerAreRepeatedWithoutTheirDetail() {
        PSQLException server = new PSQLException(
                new ServerErrorMessage("SERROR\0C42501\0Mpermission denied\0DKey (id)=(4711)\0H4711\0"));
        assertThat(ToldFault.describe(server)).isEqualTo("(SQLSTATE 42501): permission denied");
        assertThat(trace(ToldFault.cause(server)))
                .contains("permission denied")
                .contains("otherMessagesOfTheServer")
                .doesNotContain("4711");
    }
}
