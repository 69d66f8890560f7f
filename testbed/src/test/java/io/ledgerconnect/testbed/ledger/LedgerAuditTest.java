package io.ledgerconnect.testbed.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** The reporting tables are copied by the test as a sink would write them, with two columns of the sink's own. */
class LedgerAuditTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static LedgerServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = new LedgerServer();
        WorkloadSettings settings =
                WorkloadSettings.defaults().withPaymentsPerSecond(2000).withCustomers(100);
        try (LedgerWorkload workload = new LedgerWorkload(server.app(), settings)) {
            workload.openBooks();
            workload.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> workload.counts().payments() > 500);
            workload.stop();
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void copyLedger() throws Exception {
        reporting(
                "DROP SCHEMA IF EXISTS reporting, ledger_connect CASCADE; CREATE SCHEMA reporting; CREATE SCHEMA ledger_connect");
        for (AuditedTable table : AuditedTable.LEDGER) {
            copy(table);
        }
        sinkSays("FFFFFFFF/0", "null");
    }

    @Test
    void findsEqualTablesEqual() throws Exception {
        AuditReport report = audit();
        assertThat(report.differences()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.tables())
                .allSatisfy(table -> assertThat(table.ledger().rows()).isPositive());
        assertThat(report.toString()).contains("Complete and equal", "in credit EUR", "credits EUR", "merchants");
    }

    @Test
    void namesARowWithAnotherValue() throws Exception {
        reporting("UPDATE reporting.transfers SET fee = fee + 0.00000001 WHERE id = (SELECT max(id::text)::uuid FROM"
                + " reporting.transfers)");
        assertThat(audit().differences())
                .singleElement()
                .asString()
                .contains("reporting.transfers", "other values")
                .contains(text("SELECT max(id::text) FROM reporting.transfers"));
    }

    @Test
    void tellsNullFromEmptyText() throws Exception {
        reporting("ALTER TABLE reporting.transfers ALTER metadata TYPE text;"
                + " UPDATE reporting.transfers SET metadata = '' WHERE metadata IS NULL");
        assertThat(audit().isClean()).isFalse();
    }

    @Test
    void namesARowThatIsMissing() throws Exception {
        reporting("DELETE FROM reporting.merchants WHERE id = (SELECT min(id::text)::uuid FROM reporting.merchants)");
        assertThat(audit().differences())
                .anySatisfy(difference -> assertThat(difference).contains("has 99 rows", "has 100"))
                .anySatisfy(difference -> assertThat(difference).contains("in the ledger only"));
    }

    @Test
    void seesAnEntryThatIsThereTwice() throws Exception {
        reporting("INSERT INTO reporting.entries SELECT * FROM reporting.entries WHERE id = 7");
        assertThat(audit().differences())
                .anySatisfy(difference -> assertThat(difference).contains("reporting.entries", "7 (in the reporting"))
                .anySatisfy(difference -> assertThat(difference).contains("no entry is there twice"));
    }

    @Test
    void namesAColumnThatIsMissing() throws Exception {
        reporting("ALTER TABLE reporting.accounts DROP overdraft");
        assertThat(audit().differences()).singleElement().asString().contains("reporting.accounts", "overdraft");
    }

    @Test
    void namesATableThatIsMissing() throws Exception {
        reporting("DROP TABLE reporting.entries");
        assertThat(audit().differences()).singleElement().asString().contains("reporting.entries lacks");
    }

    @Test
    void isNotCleanBeforeTheStoreIsComplete() throws Exception {
        sinkSays("0/1", "null");
        assertThat(audit().differences()).singleElement().asString().contains("complete through 0/1");
    }

    @Test
    void reportsAGap() throws Exception {
        sinkSays("FFFFFFFF/0", "'ledger.public.entries-0 sequence 17'");
        assertThat(audit().differences()).singleElement().asString().contains("sequence 17");
    }

    @Test
    void isNotCleanWithoutAStatus() throws Exception {
        reporting("DROP SCHEMA ledger_connect CASCADE");
        assertThat(audit().differences()).singleElement().asString().contains("complete through nothing");
    }

    private static AuditReport audit() throws Exception {
        LedgerAudit audit = new LedgerAudit(server.superuser("ledger"), server.superuser("reporting"), "p");
        return audit.run(SHORT, LedgerAudit.Progress.NONE);
    }

    private static void reporting(String sql) throws SQLException {
        server.postgres().execute("reporting", sql);
    }

    private static String text(String sql) throws SQLException {
        try (Connection connection = server.postgres().connect("reporting");
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void sinkSays(String completeThrough, String gap) throws SQLException {
        reporting("CREATE OR REPLACE VIEW ledger_connect.status AS SELECT 'p'::text AS pipeline, system_identifier ||"
                + " '/ledger' AS source, '" + completeThrough + "'::pg_lsn AS complete_through_lsn, now() AS"
                + " complete_through_time, 0::bigint AS quarantined, " + gap
                + "::text AS gap FROM pg_control_system()");
    }

    private static void copy(AuditedTable table) throws Exception {
        StringWriter rows = new StringWriter();
        try (Connection ledger = server.postgres().connect("ledger");
                Connection reporting = server.postgres().connect("reporting")) {
            ledger.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT *, '0/1'::pg_lsn, now() FROM " + table.source() + ") TO STDOUT", rows);
            reporting("CREATE TABLE " + table.target() + " (" + columns(ledger, table.source())
                    + ", _lsn pg_lsn, _committed_at timestamptz)");
            reporting
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table.target() + " FROM STDIN", new StringReader(rows.toString()));
        }
    }

    /** The ledger's columns; enumerated types become text, as the sink makes them. */
    private static String columns(Connection ledger, String table) throws SQLException {
        String sql = "SELECT string_agg(attname || ' ' || CASE typtype WHEN 'e' THEN 'text' ELSE format_type(atttypid,"
                + " atttypmod) END, ', ' ORDER BY attnum) FROM pg_attribute JOIN pg_type t ON t.oid = atttypid"
                + " WHERE attrelid = '" + table + "'::regclass AND attnum > 0 AND NOT attisdropped";
        try (var statement = ledger.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
