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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows per second that one task of the sink upserts from a topic into one table, through a worker and its converter.
 * The topic is filled once by the source connector; every round reads it as a new pipeline into a new table.
 *
 * <p>Arguments: directory with both plugins, rows, rounds. Properties: {@code worker.heap}, the worker's largest heap;
 * {@code converter}, the class of the JSON converter.
 */
public final class SinkDrain {
    private static final String DATABASE = "reporting";
    private static final String PREFIX = "ours";
    private static final String TOPIC = PREFIX + '.' + PaymentsLedger.TABLE;
    private static final String CONVERTER =
            System.getProperty("converter", "io.ledgerconnect.common.json.LedgerJsonConverter");
    private static final int ROWS_PER_TRANSACTION = 1000;
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(20);

    private final Postgres reporting;
    private final ConnectWorker worker;
    private final long rows;

    private SinkDrain(Postgres reporting, ConnectWorker worker, long rows) {
        this.reporting = reporting;
        this.worker = worker;
        this.rows = rows;
    }

    public static void main(String[] arguments) throws Exception {
        long rows = Long.parseLong(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        try (Testbed testbed = Testbed.open()) {
            PaymentsLedger ledger = PaymentsLedger.create(
                    testbed.startPostgres(PostgresSpec.defaults().withSetting("max_wal_size", "16GB")));
            Postgres reporting = testbed.startPostgres(
                    PostgresSpec.defaults().withSetting("max_wal_size", "16GB").withSetting("shared_buffers", "512MB"));
            reporting.createDatabase(DATABASE);
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            ConnectWorker worker = testbed.startConnect(
                    kafka,
                    ConnectSpec.defaults()
                            .withPluginPath(Path.of(arguments[0]))
                            .withHeap(System.getProperty("worker.heap", "1g")));
            SinkDrain drain = new SinkDrain(reporting, worker, rows);
            System.out.printf(Locale.ROOT, "filling a topic with %,d rows ...%n", rows);
            drain.fill(ledger, kafka);
            List<Double> rates = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                rates.add(drain.round(round));
            }
            System.out.printf(Locale.ROOT, "median    %.0f rows/s%n", Median.of(rates));
        }
    }

    private void fill(PaymentsLedger ledger, KafkaBroker kafka) throws Exception {
        Map<String, String> settings = ledger.captureSettings(PREFIX);
        settings.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
        settings.putAll(CaptureSettings.RAISED);
        settings.putAll(CaptureSettings.jsonConverters(CONVERTER, true));
        worker.rest().putConnector("source", settings);
        ledger.awaitSlot(PREFIX);
        ledger.generate(rows, ROWS_PER_TRANSACTION);
        try (Topics topics = new Topics(kafka.bootstrapServers())) {
            topics.awaitEnd(TOPIC, rows);
        }
        // Its last watermark.
        Thread.sleep(2_000);
        worker.rest().stop("source");
        worker.rest().awaitStopped("source", Duration.ofMinutes(1));
    }

    /** Rows per second from the connector's creation until everything is visible in the table. */
    private double round(int round) throws Exception {
        String name = "round" + round;
        Duration workerBefore = worker.usage().cpu();
        Duration serverBefore = reporting.usage().cpu();
        long begin = System.nanoTime();
        worker.rest().putConnector(name, sink(name));
        while (rowsIn(name) < rows) {
            if (System.nanoTime() - begin > LONGEST_ROUND.toNanos()) {
                throw new IllegalStateException(
                        name + " is not complete; " + worker.rest().status(name));
            }
            Thread.sleep(100);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "round %d   %6.0f rows/s  %6.1f s  %5.1f us worker CPU/row  %5.1f us server CPU/row  %4d MiB peak memory%n",
                round,
                rows / seconds,
                seconds,
                microsPerRow(worker.usage().cpu().minus(workerBefore)),
                microsPerRow(reporting.usage().cpu().minus(serverBefore)),
                worker.usage().peakMemoryBytes() >> 20);
        worker.rest().stop(name);
        worker.rest().awaitStopped(name, Duration.ofMinutes(1));
        return rows / seconds;
    }

    private double microsPerRow(Duration cpu) {
        return cpu.toNanos() / 1e3 / rows;
    }

    private Map<String, String> sink(String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", "io.ledgerconnect.sink.ReportingSinkConnector");
        settings.put("tasks.max", "1");
        settings.put("topics", TOPIC + ',' + PREFIX + ".watermarks");
        settings.put("connection.url", reporting.jdbcUrl(DATABASE));
        settings.put("connection.user", reporting.user());
        settings.put("connection.password", reporting.password());
        settings.put("pipeline.name", name);
        settings.put("table.name.format", name + ".${table}");
        settings.put("auto.create", "true");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        settings.put("consumer.override.max.poll.records", "5000");
        settings.put("consumer.override.max.partition.fetch.bytes", "8388608");
        settings.putAll(CaptureSettings.jsonConverters(CONVERTER, true));
        return settings;
    }

    /** What the pipeline has applied; the table itself would take long to count. */
    private long rowsIn(String pipeline) throws SQLException {
        try (Connection connection = reporting.connect(DATABASE);
                Statement statement = connection.createStatement();
                var exists = statement.executeQuery("SELECT to_regclass('ledger_connect.channel') IS NOT NULL")) {
            exists.next();
            if (!exists.getBoolean(1)) {
                return 0;
            }
            try (var row = statement.executeQuery(
                    "SELECT coalesce(sum(sequence), 0) FROM ledger_connect.channel WHERE pipeline = '" + pipeline
                            + "' AND channel = '" + PaymentsLedger.TABLE + "'")) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
