package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.ConnectRest;
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
import java.util.concurrent.ExecutionException;

/**
 * Rows per second out of a WAL backlog, ours beside Debezium's connector: one server, one broker, one worker process
 * each, and the same backlog drained by both in turn, in alternating order. Prints each round and the medians of the
 * ratios.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, rows per backlog,
 * rows per transaction, rounds. Property {@code worker.heap}: the workers' largest heap.
 */
public final class SourceDrain {
    private static final String DATABASE = "ledger";

    private final Postgres postgres;
    private final Topics topics;
    private final long rows;
    private final int rowsPerTransaction;

    private SourceDrain(Postgres postgres, Topics topics, long rows, int rowsPerTransaction) {
        this.postgres = postgres;
        this.topics = topics;
        this.rows = rows;
        this.rowsPerTransaction = rowsPerTransaction;
    }

    /** One connector in the comparison. */
    private record Contender(
            String name, ConnectWorker worker, String topic, List<Double> rates, List<Double> cpuMicros) {
        ConnectRest rest() {
            return worker.rest();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path ours = Path.of(arguments[0]);
        long rows = Long.parseLong(arguments[2]);
        int rowsPerTransaction = Integer.parseInt(arguments[3]);
        int rounds = Integer.parseInt(arguments[4]);
        try (Testbed testbed = Testbed.open()) {
            Postgres postgres = testbed.startPostgres(
                    PostgresSpec.defaults().withSetting("max_wal_size", "16GB").withSetting("shared_buffers", "512MB"));
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            try (Topics topics = new Topics(kafka.bootstrapServers())) {
                SourceDrain drain = new SourceDrain(postgres, topics, rows, rowsPerTransaction);
                drain.createLedger();
                List<Contender> contenders = new ArrayList<>();
                contenders.add(drain.contender(testbed, kafka, "ours", ours, drain.ours()));
                if (!arguments[1].equals("-")) {
                    contenders.add(
                            drain.contender(testbed, kafka, "debezium", Path.of(arguments[1]), drain.debezium()));
                }
                for (int round = 1; round <= rounds; round++) {
                    drain.round(round, contenders);
                }
                report(contenders);
            }
        }
    }

    private void createLedger() throws SQLException {
        execute("postgres", "CREATE DATABASE " + DATABASE);
        execute(
                DATABASE,
                "CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL,"
                        + " amount numeric(20,2) NOT NULL, currency char(3) NOT NULL, status text NOT NULL,"
                        + " created_at timestamptz NOT NULL, reference text NOT NULL)",
                "CREATE PUBLICATION bench FOR TABLE payments",
                """
                CREATE PROCEDURE generate(total bigint, per_transaction int) LANGUAGE plpgsql AS $$
                BEGIN
                  FOR i IN 1 .. total / per_transaction LOOP
                    INSERT INTO payments (account_id, amount, currency, status, created_at, reference)
                    SELECT g % 1000, g * 1.37, 'EUR', 'settled', clock_timestamp(), 'payment reference ' || g
                    FROM generate_series(1, per_transaction) g;
                    COMMIT;
                  END LOOP;
                END $$""");
    }

    private void execute(String database, String... statements) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Contender contender(
            Testbed testbed, KafkaBroker kafka, String name, Path plugin, Map<String, String> settings)
            throws Exception {
        ConnectWorker worker = testbed.startConnect(
                kafka,
                ConnectSpec.defaults()
                        .withGroup(name)
                        .withPluginPath(plugin)
                        .withHeap(System.getProperty("worker.heap", "1g")));
        worker.rest().putConnector(name, settings);
        worker.rest().awaitRunning(name, Duration.ofMinutes(2));
        Contender contender =
                new Contender(name, worker, name + ".public.payments", new ArrayList<>(), new ArrayList<>());
        // One change makes the topic, the slot and the first stored offset.
        awaitSlot(name);
        execute(DATABASE, "CALL generate(1, 1)");
        topics.awaitEnd(contender.topic(), 1);
        worker.rest().stop(name);
        worker.rest().awaitStopped(name, Duration.ofMinutes(1));
        return contender;
    }

    private void awaitSlot(String name) throws SQLException, InterruptedException {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            while (true) {
                try (var row = statement.executeQuery(
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + name + "' AND active")) {
                    if (row.next()) {
                        return;
                    }
                }
                Thread.sleep(50);
            }
        }
    }

    private Map<String, String> common(String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put("tasks.max", "1");
        settings.put("database.hostname", postgres.host());
        settings.put("database.port", Integer.toString(postgres.port()));
        settings.put("database.user", postgres.user());
        settings.put("database.password", postgres.password());
        settings.put("database.dbname", DATABASE);
        settings.put("topic.prefix", name);
        settings.put("table.include.list", "public.payments");
        settings.put("slot.name", name);
        settings.put("publication.name", "bench");
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("snapshot.mode", "no_data");
        settings.put("topic.creation.default.partitions", "1");
        settings.put("topic.creation.default.replication.factor", "1");
        settings.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("key.converter.schemas.enable", "false");
        settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("value.converter.schemas.enable", "false");
        settings.put("producer.override.compression.type", "lz4");
        settings.put("producer.override.batch.size", "262144");
        settings.put("producer.override.linger.ms", "5");
        settings.put("producer.override.buffer.memory", "67108864");
        return settings;
    }

    private Map<String, String> ours() {
        Map<String, String> settings = common("ours");
        settings.put("connector.class", "io.ledgerconnect.source.LedgerSourceConnector");
        return settings;
    }

    /** Debezium with its batches and queue raised. */
    private Map<String, String> debezium() {
        Map<String, String> settings = common("debezium");
        settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.put("plugin.name", "pgoutput");
        settings.put("max.batch.size", "20480");
        settings.put("max.queue.size", "81920");
        settings.put("poll.interval.ms", "10");
        return settings;
    }

    private void round(int round, List<Contender> contenders) throws Exception {
        execute(DATABASE, "CALL generate(" + rows + ", " + rowsPerTransaction + ")", "CHECKPOINT");
        List<Contender> order = new ArrayList<>(contenders);
        if (round % 2 == 0) {
            java.util.Collections.reverse(order);
        }
        for (Contender contender : order) {
            drain(round, contender);
        }
    }

    private void drain(int round, Contender contender) throws InterruptedException, ExecutionException {
        long before = topics.end(contender.topic());
        Duration cpuBefore = contender.worker().usage().cpu();
        long begin = System.nanoTime();
        contender.rest().resume(contender.name());
        topics.awaitEnd(contender.topic(), before + rows);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = contender.worker().usage().cpu().minus(cpuBefore).toNanos() / 1e3 / rows;
        contender.rates().add(rows / seconds);
        contender.cpuMicros().add(cpu);
        System.out.printf(
                Locale.ROOT,
                "round %d  %-9s %8.0f rows/s  %6.1f s  %5.1f us worker CPU/row  %4d MiB peak memory%n",
                round,
                contender.name(),
                rows / seconds,
                seconds,
                cpu,
                contender.worker().usage().peakMemoryBytes() >> 20);
        contender.rest().stop(contender.name());
        contender.rest().awaitStopped(contender.name(), Duration.ofMinutes(2));
    }

    private static void report(List<Contender> contenders) {
        Contender ours = contenders.get(0);
        if (contenders.size() == 1) {
            return;
        }
        Contender other = contenders.get(1);
        List<Double> ratios = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < ours.rates().size(); i++) {
            ratios.add(ours.rates().get(i) / other.rates().get(i));
            cpu.add(ours.cpuMicros().get(i) / other.cpuMicros().get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "median    ours %.0f rows/s, %s %.0f rows/s, ratio %.2f (%.2f to %.2f), CPU per row ratio %.2f%n",
                median(ours.rates()),
                other.name(),
                median(other.rates()),
                median(ratios),
                ratios.stream().min(Double::compare).orElseThrow(),
                ratios.stream().max(Double::compare).orElseThrow(),
                median(cpu));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
