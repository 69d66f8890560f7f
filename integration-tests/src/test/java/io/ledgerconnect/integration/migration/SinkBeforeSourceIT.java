package io.ledgerconnect.integration.migration;

import static io.ledgerconnect.integration.Waiting.PATIENCE;
import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.integration.SharedPipeline;
import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** "The sink first" of docs/migrating-from-debezium.md: the sink reads what Debezium writes, then what we write. */
@ExtendWith(SharedPipeline.class)
final class SinkBeforeSourceIT {
    private static final String NAME = "sinkfirst";
    private static final String DEBEZIUM = NAME + "-debezium";
    private static final String OURS = NAME + "-ours";
    private static final List<String> MODES = List.of("upsert", "history", "append");

    private static final String ACCOUNTS = "id, owner, md5(note) AS note, balance, opened_at, tags, details, kind";
    private static final String ENTRIES = "id, account, amount, booked_on";

    private final SharedPipeline.Bench bench;
    private final Pipeline pipeline;
    private final Postgres postgres;
    private ConnectWorker worker;
    private ConnectRest rest;

    SinkBeforeSourceIT(SharedPipeline.Bench bench) {
        this.bench = bench;
        this.pipeline = bench.pipeline();
        this.postgres = pipeline.ledger();
    }

    @BeforeEach
    void start() throws SQLException {
        postgres.createDatabase(NAME);
        ledger("CREATE TYPE kind AS ENUM ('private', 'merchant')");
        ledger("CREATE TABLE accounts (id bigint PRIMARY KEY, owner text NOT NULL, note text, balance numeric(18,2),"
                + " opened_at timestamptz, tags text[], details jsonb, kind kind)");
        ledger("ALTER TABLE accounts ALTER note SET STORAGE EXTERNAL");
        ledger("CREATE TABLE entries (id bigint PRIMARY KEY, account bigint, amount numeric(18,2), booked_on date)");
        ledger("CREATE PUBLICATION " + NAME + " FOR TABLE accounts, entries");
        worker = ComparisonReport.startWorker(bench);
        rest = worker.rest();
    }

    @AfterEach
    void end() {
        worker.kill();
        patiently("the slot is dropped")
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    ledger("SELECT pg_drop_replication_slot('" + NAME + "')");
                    return true;
                });
    }

    @Test
    void whatDebeziumWritesAndThenWhatWeWriteIsInEveryTable() throws Exception {
        insert(1, 200);
        rest.putConnector(DEBEZIUM, SwitchFromDebeziumIT.debezium(postgres, NAME));
        rest.awaitRunning(DEBEZIUM, PATIENCE);
        for (String mode : MODES) {
            rest.putConnector(NAME + "-" + mode, sink(mode));
        }
        awaitEqual();

        insert(201, 400);
        change(1);
        awaitEqual();
        assertThat(reporting("SELECT count(*) FROM reporting.entries_append"))
                .containsExactly(ask("SELECT count(*) FROM entries"));

        rest.stop(DEBEZIUM);
        rest.awaitStopped(DEBEZIUM, PATIENCE);
        SwitchFromDebeziumIT.moveSlot(postgres, NAME, rest.offsets(DEBEZIUM).at("/offsets/0/offset"));
        insert(401, 500);
        Map<String, String> ours = SwitchFromDebeziumIT.debezium(postgres, NAME);
        ours.put("connector.class", BothCaptures.OUR_CLASS);
        ours.put("snapshot.mode", "no_data");
        rest.putConnector(OURS, ours);
        rest.awaitRunning(OURS, PATIENCE);
        insert(501, 600);
        change(2);
        awaitEqual();
        assertThat(reporting("SELECT count(*) FROM reporting.entries_append"))
                .containsExactly(ask("SELECT count(*) FROM entries"));
        assertThat(reporting("SELECT count(*) FROM ledger_connect.status WHERE pipeline LIKE '" + NAME
                        + "%' AND source NOT LIKE 'debezium:%' AND complete_through_lsn IS NOT NULL"))
                .containsExactly("3");
        rest.delete(OURS);
        rest.delete(DEBEZIUM);
        MODES.forEach(mode -> rest.delete(NAME + "-" + mode));
    }

    private Map<String, String> sink(String mode) {
        Map<String, String> sink = new HashMap<>(pipeline.connectors().sinkConfig());
        sink.keySet().removeIf(name -> name.startsWith("table.") || name.startsWith("topics"));
        sink.put("pipeline.name", NAME + "-" + mode);
        sink.put("topics.regex", NAME + "\\..*");
        sink.put("consumer.override.metadata.max.age.ms", "1000");
        sink.put("table.name.format", "reporting.${table}_" + mode);
        sink.put("table.accounts_" + mode + ".mode", mode);
        sink.put("table.entries_" + mode + ".mode", mode);
        sink.put("auto.create", "true");
        for (String converter : List.of("key.converter", "value.converter")) {
            sink.put(converter, "org.apache.kafka.connect.json.JsonConverter");
            sink.put(converter + ".schemas.enable", "true");
        }
        return sink;
    }

    /** Rows of one COPY share an address in the WAL. */
    private void insert(int from, int to) throws SQLException {
        String ids = "generate_series(" + from + ", " + to + ") AS i";
        ledger("INSERT INTO accounts SELECT i, 'owner ' || i, repeat(md5(i::text), 200), i / 3.0, now(),"
                + " ARRAY['t' || i, NULL], jsonb_build_object('i', i),"
                + " CASE WHEN i % 2 = 0 THEN 'private' ELSE 'merchant' END::kind FROM " + ids);
        ledger("INSERT INTO entries SELECT i, i, i * 1.25, current_date FROM " + ids);
    }

    /** With a new key Debezium does not send what stands out of line and stays, so that changes too. */
    private void change(int step) throws SQLException {
        ledger("UPDATE accounts SET balance = balance + 1, tags = NULL WHERE id % 3 = 0");
        ledger("UPDATE accounts SET id = id + 100000 * " + step
                + ", note = note || '!' WHERE id % 50 = 7 AND id < 1000");
        ledger("DELETE FROM accounts WHERE id % 50 = 11");
        ledger(
                "BEGIN; UPDATE accounts SET details = '{}' WHERE id = 3; UPDATE accounts SET details = NULL WHERE id = 3;"
                        + " COMMIT");
    }

    private void awaitEqual() {
        patiently("the reporting store is equal")
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> {
                    for (String mode : MODES) {
                        String now = mode.equals("history") ? " WHERE _until_lsn IS NULL" : "";
                        if (!mode.equals("append")) {
                            assertThat(reporting("SELECT t FROM (SELECT " + ACCOUNTS + " FROM reporting.accounts_"
                                            + mode + now + ") t ORDER BY id"))
                                    .as("accounts, " + mode)
                                    .isEqualTo(rows(
                                            "SELECT t FROM (SELECT " + ACCOUNTS + " FROM accounts) t ORDER BY id"));
                        }
                        assertThat(reporting("SELECT t FROM (SELECT " + ENTRIES + " FROM reporting.entries_" + mode
                                        + now + ") t ORDER BY id"))
                                .as("entries, " + mode)
                                .isEqualTo(rows("SELECT t FROM (SELECT " + ENTRIES + " FROM entries) t ORDER BY id"));
                    }
                });
    }

    private void ledger(String sql) throws SQLException {
        postgres.execute(NAME, sql);
    }

    private String ask(String query) throws SQLException {
        return rows(query).get(0);
    }

    private List<String> rows(String query) throws SQLException {
        try (Connection connection = postgres.connect(NAME)) {
            return rows(connection, query);
        }
    }

    private List<String> reporting(String query) throws SQLException {
        try (Connection connection = pipeline.reportingDatabase().connect()) {
            return rows(connection, query);
        }
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
