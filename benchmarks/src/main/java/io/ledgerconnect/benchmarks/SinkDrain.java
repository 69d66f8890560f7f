package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows per second that one task upserts from a topic into one table: our sink, Debezium's JDBC sink, and COPY and merge
 * by hand; then our sink with two history tables to look into, and with two rollups besides. The topic is filled once,
 * by our source connector, in JSON with schemas. Every round each reads it into a new table, in alternating order; each
 * connector has a worker of its own. Speed counts from the first visible rows on, so that nobody's start is in it.
 *
 * <p>Arguments: directory with both our plugins, directory with Debezium's or {@code -} to leave it out, rows, rounds.
 * Properties: {@code worker.heap}, the workers' largest heap; {@code converter}, the class of our JSON converter; those
 * of {@link Measurements}.
 */
public final class SinkDrain {
    private static final String DATABASE = "reporting";
    private static final int ROWS_PER_TRANSACTION = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Postgres reporting;
    private final PaymentsLedger ledger;
    private final long rows;
    private final Measurements measurements;

    private SinkDrain(Postgres reporting, PaymentsLedger ledger, long rows, Measurements measurements) {
        this.reporting = reporting;
        this.ledger = ledger;
        this.rows = rows;
        this.measurements = measurements;
    }

    /** One that fills a new table in a schema. */
    private interface Contender {
        String name();

        void drain(String schema) throws Exception;
    }

    /** Settings of a connector, by the schema that it writes to. */
    private interface Settings {
        Map<String, String> of(Postgres reporting, String database, String schema);
    }

    public static void main(String[] arguments) throws Exception {
        Path ours = Path.of(arguments[0]);
        long rows = Long.parseLong(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        try (Testbed testbed = Testbed.open()) {
            PaymentsLedger ledger = PaymentsLedger.create(
                    testbed.startPostgres(PostgresSpec.defaults().withSetting("max_wal_size", "16GB")));
            Postgres reporting = testbed.startPostgres(
                    PostgresSpec.defaults().withSetting("max_wal_size", "16GB").withSetting("shared_buffers", "512MB"));
            reporting.createDatabase(DATABASE);
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            Measurements measurements = new Measurements("sink-drain")
                    .on(reporting)
                    .beside("debezium-jdbc", "debezium.jdbc.version")
                    .with("rows", rows)
                    .with("rows_per_transaction", ROWS_PER_TRANSACTION);
            SinkDrain drain = new SinkDrain(reporting, ledger, rows, measurements);
            System.out.printf(Locale.ROOT, "filling a topic with %,d rows ...%n", rows);
            drain.fill(kafka, startWorker(testbed, kafka, "filling", ours));
            List<Contender> contenders = new ArrayList<>();
            contenders.add(drain.sink("ours", startWorker(testbed, kafka, "ours", ours), SinkSettings::ours));
            if (!arguments[1].equals("-")) {
                ConnectWorker worker = startWorker(testbed, kafka, "debezium", Path.of(arguments[1]));
                contenders.add(drain.sink("debezium_jdbc", worker, SinkSettings::debezium));
            }
            contenders.add(drain.byHand());
            contenders.add(
                    drain.sink("ours_enriched", startWorker(testbed, kafka, "enriched", ours), SinkSettings::enriched));
            contenders.add(
                    drain.sink("ours_rollups", startWorker(testbed, kafka, "rollups", ours), SinkSettings::rolledUp));
            for (int round = 1; round <= rounds; round++) {
                drain.round(round, contenders);
                Collections.reverse(contenders);
            }
            drain.report();
        }
    }

    private static ConnectWorker startWorker(Testbed testbed, KafkaBroker kafka, String group, Path plugins) {
        return testbed.startConnect(
                kafka,
                ConnectSpec.defaults()
                        .withGroup(group)
                        .withPluginPath(plugins)
                        .withHeap(System.getProperty("worker.heap", "1g")));
    }

    private void fill(KafkaBroker kafka, ConnectWorker worker) throws Exception {
        ledger.createDimensions();
        Map<String, String> settings = CaptureSettings.ours(ledger.captureSettings(SinkSettings.PREFIX));
        settings.put(
                "table.include.list",
                String.join(",", PaymentsLedger.TABLE, PaymentsLedger.ACCOUNTS, PaymentsLedger.MERCHANTS));
        settings.putAll(CaptureSettings.RAISED);
        settings.putAll(CaptureSettings.jsonConverters(CaptureSettings.OUR_CONVERTER, true));
        worker.rest().putConnector("source", settings);
        ledger.awaitSlot(SinkSettings.PREFIX);
        ledger.generateDimensions();
        ledger.generate(rows, ROWS_PER_TRANSACTION);
        try (Topics topics = new Topics(kafka.bootstrapServers())) {
            topics.awaitEnd(SinkSettings.PAYMENTS, rows);
        }
        // Its last watermark.
        Thread.sleep(2_000);
        worker.rest().stop("source");
        worker.rest().awaitStopped("source", PATIENCE);
        worker.stop();
    }

    private void round(int round, List<Contender> contenders) throws Exception {
        for (Contender contender : contenders) {
            // Nobody pays for what another has left to write.
            reporting.execute(DATABASE, "CHECKPOINT");
            String schema = contender.name() + round;
            contender.drain(schema);
            measurements.printRound(round, contender.name());
            reporting.execute(DATABASE, "DROP SCHEMA " + schema + " CASCADE");
        }
    }

    private Contender sink(String name, ConnectWorker worker, Settings settings) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void drain(String schema) throws Exception {
                SinkDrain.this.drain(name, worker, schema, settings);
            }
        };
    }

    private void drain(String name, ConnectWorker worker, String schema, Settings settings) throws Exception {
        reporting.execute(DATABASE, "CREATE SCHEMA " + schema);
        boolean enriched = !settings.of(reporting, DATABASE, schema)
                .getOrDefault("table.payments.enrich", "")
                .isEmpty();
        if (enriched) {
            fillDimensions(worker, schema);
        }
        Duration workerBefore = worker.usage().cpu();
        Duration serverBefore = reporting.usage().cpu();
        try (FillingTable table = new FillingTable(reporting.connect(DATABASE), schema + ".payments")) {
            long begin = System.nanoTime();
            worker.rest().putConnector(schema, settings.of(reporting, DATABASE, schema));
            if (enriched) {
                worker.rest().resume(schema);
            }
            FillingTable.Filled filled =
                    table.await(rows, begin, () -> worker.rest().status(schema));
            measurements.add(name, Measurements.ROWS_PER_SECOND, filled.rowsPerSecond(rows));
            measurements.add(name, Measurements.SECONDS, filled.seconds());
            measurements.add(name, Measurements.START_SECONDS, filled.startSeconds());
        }
        measurements.addUsage(
                name,
                worker.usage().cpu().minus(workerBefore),
                reporting.usage().cpu().minus(serverBefore),
                worker.usage(),
                rows);
        stop(worker, schema);
    }

    /** Leaves the connector stopped, with the history tables filled. */
    private void fillDimensions(ConnectWorker worker, String schema) throws Exception {
        worker.rest().putConnector(schema, SinkSettings.dimensions(reporting, DATABASE, schema));
        awaitVersions(worker, schema, schema + ".accounts", 2 * PaymentsLedger.ACCOUNT_ROWS);
        awaitVersions(worker, schema, schema + ".merchants", 2 * PaymentsLedger.MERCHANT_ROWS);
        reporting.execute(DATABASE, "ANALYZE " + schema + ".accounts, " + schema + ".merchants");
        stop(worker, schema);
    }

    private void awaitVersions(ConnectWorker worker, String connector, String table, long versions) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (versionsIn(table) < versions) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        table + " is not complete; " + worker.rest().status(connector));
            }
            Thread.sleep(100);
        }
    }

    private long versionsIn(String table) throws SQLException {
        try (Connection connection = reporting.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            try (var exists = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
                exists.next();
                if (!exists.getBoolean(1)) {
                    return 0;
                }
            }
            try (var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void stop(ConnectWorker worker, String connector) {
        worker.rest().stop(connector);
        worker.rest().awaitStopped(connector, PATIENCE);
    }

    private Contender byHand() {
        return new Contender() {
            @Override
            public String name() {
                return "by_hand";
            }

            @Override
            public void drain(String schema) throws Exception {
                mergeByHand(name(), schema);
            }
        };
    }

    private void mergeByHand(String name, String schema) throws Exception {
        try (Connection from = ledger.connect();
                Connection to = reporting.connect(DATABASE)) {
            Duration serverBefore = reporting.usage().cpu();
            CopyAndMerge.Cost cost = new CopyAndMerge(from, to).write(schema, rows);
            double seconds = cost.time().toNanos() / 1e9;
            measurements.add(name, Measurements.ROWS_PER_SECOND, rows / seconds);
            measurements.add(name, Measurements.SECONDS, seconds);
            measurements.add(name, Measurements.WORKER_CPU, cost.cpu().toNanos() / 1e9);
            measurements.add(name, Measurements.WORKER_CPU_PER_ROW, cost.cpu().toNanos() / 1e3 / rows);
            measurements.add(
                    name,
                    Measurements.SERVER_CPU_PER_ROW,
                    reporting.usage().cpu().minus(serverBefore).toNanos() / 1e3 / rows);
        }
    }

    private void report() throws Exception {
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours", "debezium_jdbc");
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours", "by_hand");
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours_enriched", "ours");
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours_rollups", "ours");
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours_enriched", "by_hand");
        measurements.compare(Measurements.WORKER_CPU_PER_ROW, "ours", "debezium_jdbc");
        measurements.compare(Measurements.PEAK_MEMORY, "ours", "debezium_jdbc");
        measurements.finish();
    }
}
