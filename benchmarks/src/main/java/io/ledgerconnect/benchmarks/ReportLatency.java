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
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long a change takes from the ledger until its row is visible in the reporting store, enriched by two dimensions,
 * under a steady load and with the connectors' default settings. The time is that from the insert's clock to when a
 * reader that asks all the time first sees the row, both by the clock of one machine. Prints each turn.
 *
 * <p>Arguments: directory with both plugins, changes per second, seconds a turn, rounds. Property {@code worker.heap}.
 */
public final class ReportLatency {
    private static final String DATABASE = "reporting";
    private static final int CHANGES_PER_TRANSACTION = 5;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NEW = "SELECT id, extract(epoch FROM clock_timestamp() - created_at) * 1000"
            + " FROM reporting.payments WHERE id > ? ORDER BY id";

    private final Postgres reporting;
    private final Measurements measurements = new Measurements("report-latency");

    private ReportLatency(Postgres reporting) {
        this.reporting = reporting;
    }

    public static void main(String[] arguments) throws Exception {
        int changesPerSecond = Integer.parseInt(arguments[1]);
        Duration turn = Duration.ofSeconds(Long.parseLong(arguments[2]));
        try (Testbed testbed = Testbed.open()) {
            PaymentsLedger ledger = PaymentsLedger.create(testbed.startPostgres(PostgresSpec.defaults()));
            Postgres reporting = testbed.startPostgres(PostgresSpec.defaults());
            reporting.createDatabase(DATABASE);
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            ConnectWorker worker = testbed.startConnect(
                    kafka,
                    ConnectSpec.defaults()
                            .withPluginPath(Path.of(arguments[0]))
                            .withHeap(System.getProperty("worker.heap", "1g")));
            ReportLatency latency = new ReportLatency(reporting);
            latency.measurements.with("changes_per_second", changesPerSecond).on(reporting);
            latency.start(ledger, worker);
            try (SteadyLoad load = ledger.load(changesPerSecond, CHANGES_PER_TRANSACTION)) {
                Thread.sleep(WARM_UP.toMillis());
                for (int round = 1; round <= Integer.parseInt(arguments[3]); round++) {
                    latency.measure(round, turn);
                    load.requireKept();
                }
            }
            latency.measurements.finish();
        }
    }

    private void start(PaymentsLedger ledger, ConnectWorker worker) throws Exception {
        ledger.createDimensions();
        Map<String, String> source = CaptureSettings.ours(ledger.captureSettings(SinkSettings.PREFIX));
        source.put(
                "table.include.list",
                String.join(",", PaymentsLedger.TABLE, PaymentsLedger.ACCOUNTS, PaymentsLedger.MERCHANTS));
        source.putAll(CaptureSettings.jsonConverters(CaptureSettings.OUR_CONVERTER, true));
        worker.rest().putConnector("source", source);
        ledger.awaitSlot(SinkSettings.PREFIX);
        ledger.generateDimensions();
        ledger.generate(1, 1);
        Map<String, String> sink = SinkSettings.enriched(reporting, DATABASE, "reporting");
        sink.keySet().removeIf(setting -> setting.startsWith("consumer.override.max."));
        worker.rest().putConnector("sink", sink);
        awaitFirst();
    }

    private void awaitFirst() throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        try (Connection connection = reporting.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            while (true) {
                try (var row = statement.executeQuery("SELECT to_regclass('reporting.payments') IS NOT NULL")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        return;
                    }
                }
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IllegalStateException("nothing arrives in the reporting store");
                }
                Thread.sleep(100);
            }
        }
    }

    private void measure(int round, Duration turn) throws SQLException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        try (Connection connection = reporting.connect(DATABASE);
                PreparedStatement query = connection.prepareStatement(NEW)) {
            long last = newest(connection);
            long end = System.nanoTime() + turn.toNanos();
            while (System.nanoTime() < end) {
                query.setLong(1, last);
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        last = row.getLong(1);
                        millis.add(row.getDouble(2));
                    }
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
        millis.sort(Double::compare);
        double p50 = millis.get(millis.size() / 2);
        double p99 = millis.get((int) (millis.size() * 0.99));
        measurements.add("ours", "p50_ms", p50);
        measurements.add("ours", "p99_ms", p99);
        measurements.add("ours", "max_ms", millis.get(millis.size() - 1));
        measurements.printRound(round, "ours");
    }

    private static long newest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM reporting.payments")) {
            row.next();
            return row.getLong(1);
        }
    }
}
