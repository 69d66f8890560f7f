package io.ledgerconnect.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.cli.LedgerConnect;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/** What was done to a reporting table by hand is found by the audit, and mended through the pipeline. */
@ExtendWith(SharedPipeline.class)
final class RepairIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, owner text, amount numeric(12,2) NOT NULL";
    private static final int ROWS = 5_000;

    private final Pipeline pipeline;

    RepairIT(SharedPipeline.Bench bench) {
        this.pipeline = bench.pipeline();
    }

    private record Said(int status, String text) {}

    private Said ledgerConnect(TableFlow flow, String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "--connect",
                pipeline.workers().get(0).restUrl().toString(),
                "--connector",
                flow.sink(),
                "--source-connector",
                flow.source(),
                "--quiet"));
        arguments.addAll(List.of(options));
        StringWriter said = new StringWriter();
        CommandLine line = LedgerConnect.commandLine(pipeline.workerSpec().environment()::get)
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true));
        int status = line.execute(arguments.toArray(String[]::new));
        return new Said(status, said.toString());
    }

    private void reporting(String... statements) throws SQLException {
        try (Connection connection = pipeline.reportingDatabase().connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void fill(TableFlow flow) throws SQLException {
        flow.ledger(
                "INSERT INTO " + flow.table() + " SELECT g, 'owner ' || g, g FROM generate_series(1, " + ROWS + ") g");
    }

    @Test
    void rowsOfAnUpsertTableAreAsInTheLedgerAgain() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "repair_upsert", COLUMNS)) {
            fill(flow);
            flow.startSource();
            flow.startSink();
            flow.awaitComplete();
            assertThat(ledgerConnect(flow, "repair").text()).contains("EQUAL as of");
            reporting(
                    "DELETE FROM reporting.repair_upsert WHERE id IN (5, 6)",
                    "UPDATE reporting.repair_upsert SET amount = amount + 0.01 WHERE id = 7",
                    "INSERT INTO reporting.repair_upsert (id, owner, amount, _lsn, _ordinal, _committed_at)"
                            + " SELECT 1000000 + id, owner, amount, _lsn, _ordinal, _committed_at FROM reporting.repair_upsert WHERE id IN (8, 9)");
            Said found = ledgerConnect(flow, "repair", "--dry-run");
            assertThat(found.status()).isEqualTo(1);
            assertThat(found.text()).contains("public.repair_upsert: 5 rows to be sent again");
            assertThat(ledgerConnect(flow, "audit").status()).isEqualTo(1);
            Map<String, String> before = pipeline.rest().config(flow.source());

            Said repaired = ledgerConnect(flow, "repair");
            assertThat(repaired.text()).contains("EQUAL as of", "public.repair_upsert: 5 rows were sent again.");
            assertThat(repaired.status()).isZero();
            assertThat(ledgerConnect(flow, "audit").status()).isZero();
            assertThat(pipeline.rest().config(flow.source())).isEqualTo(before);
        }
    }

    /** As the operations guide says. */
    @Test
    void rowsThatWereRefusedComeBackOnceTheirTableIsMended() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "repair_refused", COLUMNS)) {
            fill(flow);
            flow.startSource();
            Map<String, String> sink = flow.sinkConfig();
            sink.put("errors.tolerance", "all");
            flow.start(flow.sink(), sink);
            flow.awaitComplete();
            reporting("ALTER TABLE reporting.repair_refused ADD CONSTRAINT small CHECK (amount < 100000)");
            flow.ledger("UPDATE repair_refused SET amount = 200000 WHERE id = 5");
            flow.ledger("UPDATE repair_refused SET amount = 200000 WHERE id = 6");
            flow.ledger("UPDATE repair_refused SET amount = 60, owner = 'later' WHERE id = 6");
            flow.ledger("INSERT INTO repair_refused VALUES (10000, 'new', 300000)");
            flow.awaitComplete();
            assertThat(flow.askReporting(
                            "SELECT quarantined FROM ledger_connect.status WHERE pipeline = 'repair_refused'"))
                    .isEqualTo("3");

            reporting("ALTER TABLE reporting.repair_refused DROP CONSTRAINT small");
            Said repaired = ledgerConnect(flow, "repair");
            assertThat(repaired.text()).contains("EQUAL as of", "public.repair_refused: 2 rows were sent again.");
            assertThat(repaired.status()).isZero();
            assertThat(flow.askReporting("SELECT amount FROM reporting.repair_refused WHERE id = 6"))
                    .isEqualTo("60.00");
            reporting("DELETE FROM ledger_connect.quarantine WHERE pipeline = 'repair_refused'");
            assertThat(ledgerConnect(flow, "audit").status()).isZero();
        }
    }

    @Test
    void rowsOfAHistoryTableAreAsInTheLedgerFromThenOn() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "repair_history", COLUMNS)) {
            fill(flow);
            flow.startSource();
            Map<String, String> sink = flow.sinkConfig();
            sink.put("table.repair_history.mode", "history");
            flow.start(flow.sink(), sink);
            flow.ledger("UPDATE repair_history SET amount = amount + 1 WHERE id % 2 = 0");
            flow.awaitComplete();
            reporting(
                    "DELETE FROM reporting.repair_history WHERE id = 6 AND _until_lsn IS NULL",
                    "UPDATE reporting.repair_history SET owner = 'other' WHERE id = 7");
            Said repaired = ledgerConnect(flow, "repair");
            assertThat(repaired.text()).contains("EQUAL as of", "public.repair_history: 2 rows were sent again.");
            assertThat(repaired.status()).isZero();
        }
    }

    @Test
    void rowsOfAnAppendTableGetALineMore() throws Exception {
        try (TableFlow flow = TableFlow.create(pipeline, "repair_append", COLUMNS)) {
            fill(flow);
            flow.startSource();
            flow.start(flow.sink(), flow.appendingSinkConfig());
            flow.ledger("UPDATE repair_append SET amount = amount + 1 WHERE id = 1");
            flow.awaitComplete();
            reporting("DELETE FROM reporting.repair_append WHERE id = 6");
            Said repaired = ledgerConnect(flow, "repair");
            assertThat(repaired.text()).contains("EQUAL as of", "public.repair_append: 1 rows were sent again.");
            assertThat(repaired.status()).isZero();
        }
    }
}
