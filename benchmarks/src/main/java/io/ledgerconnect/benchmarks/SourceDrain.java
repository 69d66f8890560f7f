package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows per second out of a WAL backlog, ours beside Debezium's connector and beside a bare reader of the stream: one
 * server, one broker, one worker process each, and the same backlog drained by all in turn, in alternating order. Each
 * connector is in its best configuration, with the JSON converter that it brings or finds. Speed counts from the first
 * records on, so that nobody's start is in it. Prints each round, the medians and the ratios within the rounds.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, rows per backlog,
 * rows per transaction, rounds. Properties: {@code worker.heap}, the workers' largest heap; {@code debezium.heap},
 * where Debezium's differs; {@code schemas}, whether records carry them; {@code exactly.once}, to run both connectors
 * with it on beside ours without; {@code defaults}, to run Debezium's in its default configuration too; those of
 * {@link Measurements}.
 */
public final class SourceDrain {
    private static final boolean SCHEMAS = Boolean.getBoolean("schemas");

    private final PaymentsLedger ledger;
    private final Topics topics;
    private final long rows;
    private final int rowsPerTransaction;
    private final Measurements measurements;

    private SourceDrain(
            PaymentsLedger ledger, Topics topics, long rows, int rowsPerTransaction, Measurements measurements) {
        this.ledger = ledger;
        this.topics = topics;
        this.rows = rows;
        this.rowsPerTransaction = rowsPerTransaction;
        this.measurements = measurements;
    }

    /** One that takes a backlog. */
    private interface Drain {
        void of(int round) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        long rows = Long.parseLong(arguments[2]);
        int rowsPerTransaction = Integer.parseInt(arguments[3]);
        int rounds = Integer.parseInt(arguments[4]);
        try (Testbed testbed = Testbed.open()) {
            Postgres postgres = testbed.startPostgres(
                    PostgresSpec.defaults().withSetting("max_wal_size", "16GB").withSetting("shared_buffers", "512MB"));
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            Measurements measurements = new Measurements("source-drain")
                    .on(postgres)
                    .beside("debezium-postgres", "debezium.version")
                    .with("rows", rows)
                    .with("rows_per_transaction", rowsPerTransaction)
                    .with("schemas", SCHEMAS)
                    .with("worker_heap", System.getProperty("worker.heap", "1g"));
            try (Topics topics = new Topics(kafka.bootstrapServers())) {
                PaymentsLedger ledger = PaymentsLedger.create(postgres);
                SourceDrain drain = new SourceDrain(ledger, topics, rows, rowsPerTransaction, measurements);
                List<Drain> drains = drain.start(
                        new Contenders(testbed, kafka, ledger, topics), Path.of(arguments[0]), arguments[1]);
                for (int round = 1; round <= rounds; round++) {
                    drain.round(round, drains);
                    Collections.reverse(drains);
                }
            }
            report(measurements);
        }
    }

    private List<Drain> start(Contenders start, Path ours, String debezium) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        boolean exactlyOnce = Boolean.getBoolean("exactly.once");
        contenders.add(start.ours("ours", ours, oursRaised()));
        if (exactlyOnce) {
            contenders.add(start.ours("ours_exactly_once", ours, exactlyOnce(oursRaised())));
        }
        if (!debezium.equals("-")) {
            Path plugin = Path.of(debezium);
            contenders.add(
                    exactlyOnce
                            ? start.debezium("debezium_exactly_once", plugin, exactlyOnce(debeziumRaised()))
                            : start.debezium("debezium", plugin, debeziumRaised()));
            if (Boolean.getBoolean("defaults")) {
                contenders.add(start.debezium("debezium_default", plugin, kafkasJson()));
            }
        }
        List<Drain> drains = new ArrayList<>();
        contenders.forEach(contender -> drains.add(round -> drain(round, contender)));
        if (!exactlyOnce) {
            BareReader reader = new BareReader(ledger);
            drains.add(1, round -> drain(round, reader));
        }
        return drains;
    }

    private static Map<String, String> oursRaised() {
        Map<String, String> settings = new HashMap<>(CaptureSettings.RAISED);
        settings.putAll(CaptureSettings.jsonConverters(CaptureSettings.OUR_CONVERTER, SCHEMAS));
        return settings;
    }

    private static Map<String, String> debeziumRaised() {
        Map<String, String> settings = CaptureSettings.raisedForDebezium();
        settings.putAll(kafkasJson());
        return settings;
    }

    private static Map<String, String> kafkasJson() {
        return CaptureSettings.jsonConverters(CaptureSettings.KAFKAS_CONVERTER, SCHEMAS);
    }

    private static Map<String, String> exactlyOnce(Map<String, String> settings) {
        settings.put("exactly.once.support", "required");
        return settings;
    }

    private void round(int round, List<Drain> drains) throws Exception {
        ledger.generate(rows, rowsPerTransaction);
        for (Drain drain : drains) {
            drain.of(round);
        }
    }

    private void drain(int round, Contender contender) throws Exception {
        String name = contender.name();
        long before = topics.end(contender.topic());
        long lastId = ledger.lastId();
        Duration cpuBefore = contender.worker().usage().cpu();
        Duration serverBefore = ledger.serverCpu();
        long begin = System.nanoTime();
        contender.rest().resume(name);
        long seen = topics.awaitEnd(contender.topic(), before + 1) - before;
        long started = System.nanoTime();
        topics.awaitEnd(contender.topic(), before + rows);
        if (Contenders.isExactlyOnce(name)) {
            topics.awaitLast(contender.topic(), lastId);
        }
        add(name, seen, started - begin, System.nanoTime() - begin);
        measurements.addUsage(
                name,
                contender.worker().usage().cpu().minus(cpuBefore),
                ledger.serverCpu().minus(serverBefore),
                contender.worker().usage(),
                rows);
        measurements.printRound(round, name);
        contender.stop();
    }

    private void drain(int round, BareReader reader) throws Exception {
        Duration serverBefore = ledger.serverCpu();
        BareReader.Cost cost = reader.drain(rows);
        add("bare_reader", 1, cost.start().toNanos(), cost.time().toNanos());
        measurements.add(
                "bare_reader", Measurements.WORKER_CPU_PER_ROW, cost.cpu().toNanos() / 1e3 / rows);
        measurements.add(
                "bare_reader",
                Measurements.SERVER_CPU_PER_ROW,
                ledger.serverCpu().minus(serverBefore).toNanos() / 1e3 / rows);
        measurements.printRound(round, "bare_reader");
    }

    /** Where everything came between two looks, there is no other speed than that with the start. */
    private void add(String contender, long firstRows, long startNanos, long nanos) {
        boolean atOnce = firstRows >= rows;
        double seconds = (atOnce ? nanos : nanos - startNanos) / 1e9;
        measurements.add(contender, Measurements.ROWS_PER_SECOND, (atOnce ? rows : rows - firstRows) / seconds);
        measurements.add(contender, Measurements.SECONDS, nanos / 1e9);
        measurements.add(contender, Measurements.START_SECONDS, startNanos / 1e9);
    }

    private static void report(Measurements measurements) throws Exception {
        for (String other : List.of("debezium", "debezium_default", "bare_reader")) {
            measurements.compare(Measurements.ROWS_PER_SECOND, "ours", other);
            measurements.compare(Measurements.WORKER_CPU_PER_ROW, "ours", other);
            measurements.compare(Measurements.PEAK_MEMORY, "ours", other);
        }
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours_exactly_once", "ours");
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours_exactly_once", "debezium_exactly_once");
        measurements.compare(Measurements.WORKER_CPU_PER_ROW, "ours_exactly_once", "debezium_exactly_once");
        measurements.finish();
    }
}
