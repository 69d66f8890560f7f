package io.ledgerconnect.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.cli.LedgerConnect;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/**
 * TPC-B as {@code pgbench} has it: its tables, its statements, and no change to them. One table has no key. (The
 * embedded servers come without the program, so its statements are sent from here.)
 */
@ExtendWith(SharedPipeline.class)
final class TpcbIT {
    private static final String HISTORY = "pgbench_history";
    private static final int CLIENTS = 4;
    private static final int TRANSACTIONS = 3_000;
    private static final int ACCOUNTS = 10_000;
    private static final int TELLERS = 10;

    private final Pipeline pipeline;

    TpcbIT(SharedPipeline.Bench bench) {
        this.pipeline = bench.pipeline();
    }

    @Test
    void isEqualUnderLoadAndSaysWhatIsMissing() throws Exception {
        try (TableFlow flow = TableFlow.create(
                pipeline, HISTORY, "tid int, bid int, aid int, delta int, mtime timestamp, filler char(22)")) {
            createTables(flow);
            flow.startSource(source(flow));
            flow.start(flow.sink(), sink(flow));
            flow.awaitComplete();
            AtomicLong done = new AtomicLong();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(CompletableFuture.runAsync(() -> client(done)));
            }
            Waiting.patiently("a third of the transactions").until(() -> done.get() > CLIENTS * TRANSACTIONS / 3);
            Said underLoad = audit(flow);
            assertThat(underLoad.text).contains("EQUAL as of");
            assertThat(underLoad.status).isZero();
            clients.forEach(CompletableFuture::join);
            flow.awaitComplete();
            assertThat(audit(flow).status).isZero();
            assertThat(flow.askReporting("SELECT count(*) FROM reporting." + HISTORY))
                    .isEqualTo(String.valueOf(CLIENTS * TRANSACTIONS));
            assertThat(flow.askReporting("SELECT (SELECT sum(delta) FROM reporting.pgbench_history)"
                            + " = (SELECT sum(abalance) FROM reporting.pgbench_accounts)"))
                    .isEqualTo("t");

            try (Connection store = pipeline.reportingDatabase().connect();
                    var statement = store.createStatement()) {
                statement.execute("DELETE FROM reporting.pgbench_history WHERE ctid IN (SELECT ctid FROM"
                        + " reporting.pgbench_history ORDER BY _lsn LIMIT 2)");
                statement.execute("INSERT INTO reporting.pgbench_history SELECT * FROM reporting.pgbench_history"
                        + " ORDER BY _lsn DESC LIMIT 1");
            }
            Said differs = audit(flow);
            assertThat(differs.status).isEqualTo(1);
            assertThat(differs.text.lines().filter(line -> line.contains("is missing in")))
                    .hasSize(2);
            assertThat(differs.text.lines().filter(line -> line.contains("is in excess in")))
                    .hasSize(1);
        }
    }

    /** {@code pgbench -i}, of scale 1 but for the number of accounts. */
    private static void createTables(TableFlow flow) throws SQLException {
        flow.ledger("CREATE TABLE pgbench_branches (bid int NOT NULL, bbalance int, filler char(88))");
        flow.ledger("CREATE TABLE pgbench_tellers (tid int NOT NULL, bid int, tbalance int, filler char(84))");
        flow.ledger("CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))");
        flow.ledger("INSERT INTO pgbench_branches (bid, bbalance) VALUES (1, 0)");
        flow.ledger("INSERT INTO pgbench_tellers SELECT tid, 1, 0, '' FROM generate_series(1, " + TELLERS + ") AS tid");
        flow.ledger(
                "INSERT INTO pgbench_accounts SELECT aid, 1, 0, '' FROM generate_series(1, " + ACCOUNTS + ") AS aid");
        flow.ledger("ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid)");
        flow.ledger("ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid)");
        flow.ledger("ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)");
        flow.ledger("GRANT SELECT ON pgbench_branches, pgbench_tellers, pgbench_accounts TO ledger_capture");
        flow.ledger("ALTER PUBLICATION pgbench_history ADD TABLE pgbench_branches, pgbench_tellers, pgbench_accounts");
    }

    private static Map<String, String> source(TableFlow flow) {
        Map<String, String> source = flow.sourceConfig();
        source.put("table.include.list", "public\\.pgbench_.*");
        source.put("tables.without.key", "public\\.pgbench_history");
        return source;
    }

    private static Map<String, String> sink(TableFlow flow) {
        Map<String, String> sink = new HashMap<>(flow.appendingSinkConfig());
        List<String> topics = new ArrayList<>(List.of(flow.watermarks(), flow.topic()));
        for (String table : List.of("pgbench_branches", "pgbench_tellers", "pgbench_accounts")) {
            topics.add(flow.topic().replace(HISTORY + ".public." + HISTORY, HISTORY + ".public." + table));
        }
        sink.put("topics", String.join(",", topics));
        return sink;
    }

    private void client(AtomicLong done) {
        try (Connection connection = pipeline.ledgerDatabase().connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < TRANSACTIONS; i++) {
                transaction(connection);
                done.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static void transaction(Connection connection) throws SQLException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int account = 1 + random.nextInt(ACCOUNTS);
        int teller = 1 + random.nextInt(TELLERS);
        int delta = random.nextInt(-5000, 5001);
        run(connection, "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?", delta, account);
        try (PreparedStatement select =
                connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?")) {
            select.setInt(1, account);
            select.executeQuery().close();
        }
        run(connection, "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?", delta, teller);
        run(connection, "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?", delta, 1);
        run(
                connection,
                "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)",
                teller,
                1,
                account,
                delta);
        connection.commit();
    }

    private static void run(Connection connection, String sql, int... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setInt(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private record Said(int status, String text) {}

    private Said audit(TableFlow flow) {
        StringWriter said = new StringWriter();
        CommandLine line = LedgerConnect.commandLine(pipeline.workerSpec().environment()::get)
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true));
        int status = line.execute(
                "audit",
                "--connect",
                pipeline.workers().get(0).restUrl().toString(),
                "--connector",
                flow.sink(),
                "--source-connector",
                flow.source(),
                "--quiet");
        return new Said(status, said.toString());
    }
}
