package io.ledgerconnect.integration;

import static io.ledgerconnect.integration.Waiting.PATIENCE;
import static io.ledgerconnect.integration.Waiting.patiently;

import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectorStatus;
import io.ledgerconnect.testbed.ledger.AuditReport;
import io.ledgerconnect.testbed.ledger.AuditedTable;
import io.ledgerconnect.testbed.ledger.LedgerAudit;
import io.ledgerconnect.testbed.ledger.LedgerPosition;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import io.ledgerconnect.testbed.ledger.SinkStatus;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One table of the ledger on its way to the reporting store, with a publication, a slot, topics, connectors and a
 * pipeline of its own, all called like the table. The connectors' settings are those of {@code config/} but for these
 * names.
 */
final class TableFlow implements AutoCloseable {
    private final Pipeline pipeline;
    private final ConnectRest rest;
    private final String table;

    private TableFlow(Pipeline pipeline, ConnectRest rest, String table) {
        this.pipeline = pipeline;
        this.rest = rest;
        this.table = table;
    }

    /** Creates the table, with a primary key {@code id}, and its publication. */
    static TableFlow create(Pipeline pipeline, String table, String columns) throws SQLException {
        return create(pipeline, pipeline.rest(), table, columns);
    }

    /** The same, with connectors on another worker. */
    static TableFlow create(Pipeline pipeline, ConnectRest rest, String table, String columns) throws SQLException {
        TableFlow flow = new TableFlow(pipeline, rest, table);
        flow.ledger("CREATE TABLE " + table + " (" + columns + ")");
        flow.ledger("GRANT SELECT ON " + table + " TO " + LedgerSql.CAPTURE_ROLE);
        flow.ledger("CREATE PUBLICATION " + table + " FOR TABLE " + table);
        return flow;
    }

    String table() {
        return table;
    }

    String source() {
        return table + "-source";
    }

    String sink() {
        return table + "-sink";
    }

    /** The topic of the table's changes. */
    String topic() {
        return prefix() + ".public." + table;
    }

    String watermarks() {
        return prefix() + ".watermarks";
    }

    private String prefix() {
        return "it-" + table;
    }

    Map<String, String> sourceConfig() {
        Map<String, String> config = new HashMap<>(pipeline.connectors().sourceConfig());
        config.put("slot.name", table);
        config.put("publication.name", table);
        config.put("table.include.list", "public\\." + table);
        config.put("topic.prefix", prefix());
        config.put("topic.creation.watermarks.include", prefix().replace("-", "\\-") + "\\.watermarks");
        config.put("watermark.interval.ms", "200");
        return config;
    }

    Map<String, String> sinkConfig() {
        Map<String, String> config = new HashMap<>(pipeline.connectors().sinkConfig());
        config.keySet().removeIf(name -> name.startsWith("table.") && !name.equals("table.name.format"));
        config.put("topics", topic() + "," + watermarks());
        config.put("pipeline.name", table);
        return config;
    }

    Map<String, String> appendingSinkConfig() {
        Map<String, String> config = sinkConfig();
        config.put("table." + table + ".mode", "append");
        return config;
    }

    void startSource() {
        startSource(sourceConfig());
    }

    /** Returns when the snapshot is over and changes are captured: the first watermark says so. */
    void startSource(Map<String, String> config) {
        start(source(), config);
        try (Kafka kafka = new Kafka(pipeline.kafka())) {
            patiently("the first watermark of " + table).until(() -> kafka.end(watermarks()) > 0);
        }
    }

    void startSink() {
        start(sink(), sinkConfig());
    }

    void start(String connector, Map<String, String> config) {
        rest.putConnector(connector, config);
        rest.awaitRunning(connector, PATIENCE);
    }

    void stop(String connector) {
        rest.stop(connector);
        rest.awaitStopped(connector, PATIENCE);
    }

    void resume(String connector) {
        rest.resume(connector);
        rest.awaitRunning(connector, PATIENCE);
    }

    /** Waits for the failure of the connector or a task of it, and returns its stack trace. */
    String awaitFailure(String connector) {
        return rest.awaitFailed(connector, PATIENCE).failure().orElseThrow();
    }

    /** Runs a statement in the ledger, as superuser. */
    void ledger(String sql) throws SQLException {
        try (Connection connection = pipeline.ledgerDatabase().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String askLedger(String query) throws SQLException {
        try (Connection connection = pipeline.ledgerDatabase().connect()) {
            return ask(connection, query);
        }
    }

    String askReporting(String query) throws SQLException {
        try (Connection connection = pipeline.reportingDatabase().connect()) {
            return ask(connection, query);
        }
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Everything in the reporting table, the position of each row included, and rows that are there twice as such. */
    String digest() throws SQLException {
        return askReporting("SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY t::text)) FROM reporting."
                + table + " t");
    }

    Optional<SinkStatus> status() throws SQLException {
        try (Connection ledger = pipeline.ledgerDatabase().connect();
                Connection reporting = pipeline.reportingDatabase().connect()) {
            return SinkStatus.read(reporting, table, LedgerPosition.read(ledger).source());
        }
    }

    /** Waits until the reporting store is complete through where the ledger is now. */
    void awaitComplete() throws SQLException {
        LedgerPosition now;
        try (Connection ledger = pipeline.ledgerDatabase().connect()) {
            now = LedgerPosition.read(ledger);
        }
        patiently(table + " is complete through " + now.lsn()).until(() -> {
            checkConnectors();
            return now.isReachedBy(status().map(SinkStatus::completeThrough).orElse(null));
        });
    }

    private void checkConnectors() {
        for (String connector : List.of(source(), sink())) {
            ConnectorStatus status = rest.status(connector);
            if (status.isFailed()) {
                throw new IllegalStateException(
                        connector + " has failed: " + status.failure().orElse(""));
            }
        }
    }

    /** Waits until the reporting store is complete, and compares. */
    AuditReport audit() throws SQLException, InterruptedException {
        AuditedTable audited =
                new AuditedTable("public." + table, "reporting." + table, List.of("id"), Optional.empty());
        return new LedgerAudit(pipeline.ledgerDatabase(), pipeline.reportingDatabase(), table, List.of(audited))
                .run(PATIENCE, (position, status) -> checkConnectors());
    }

    /** Removes the connectors, and the slot that would hold back the ledger's WAL. */
    @Override
    public void close() throws SQLException {
        for (String connector : rest.connectors()) {
            if (connector.startsWith(table + "-")) {
                rest.delete(connector);
            }
        }
        patiently("slot " + table + " is dropped")
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    ledger("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                            + table + "'");
                    return true;
                });
    }
}
