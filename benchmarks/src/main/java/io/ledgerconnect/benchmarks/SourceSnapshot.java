package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.ServerUsage;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The first snapshot of a ledger: ours without interruption, ours with the worker killed on the way, and Debezium's
 * without interruption. One server and one broker; each run has a worker process, a slot and topics of its own, one
 * after the other, in alternating order. Beside them, in each round, what one COPY after the other gives that nobody
 * looks at. Prints each run, the medians and the ratios within the rounds.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, payments, kills,
 * rounds. Properties: {@code worker.heap}, the workers' largest heap; {@code threads}, how many read a snapshot.
 */
public final class SourceSnapshot {
    private static final String THREADS = System.getProperty("threads", "2");
    private static final String COPY = "copy_thrown_away";

    private final Testbed testbed;
    private final KafkaBroker kafka;
    private final SnapshotLedger ledger;
    private final Topics topics;
    private final Measurements measurements;

    private SourceSnapshot(
            Testbed testbed, KafkaBroker kafka, SnapshotLedger ledger, Topics topics, Measurements measurements) {
        this.testbed = testbed;
        this.kafka = kafka;
        this.ledger = ledger;
        this.topics = topics;
        this.measurements = measurements;
    }

    /** A connector that takes snapshots, and how often its worker is killed in each. */
    private record Contender(String name, Path plugin, int kills) {
        Map<String, String> settings(Map<String, String> capture) {
            boolean ours = name.startsWith("ours");
            Map<String, String> settings = ours ? CaptureSettings.ours(capture) : CaptureSettings.debezium(capture);
            settings.putAll(ours ? CaptureSettings.RAISED : CaptureSettings.raisedForDebezium());
            if (ours) {
                settings.putAll(CaptureSettings.jsonConverters(CaptureSettings.OUR_CONVERTER, false));
            }
            settings.put("snapshot.max.threads", THREADS);
            return settings;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path ours = Path.of(arguments[0]);
        int kills = Integer.parseInt(arguments[3]);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender("ours", ours, 0));
        if (kills > 0) {
            contenders.add(new Contender("ours_killed", ours, kills));
        }
        if (!arguments[1].equals("-")) {
            contenders.add(new Contender("debezium", Path.of(arguments[1]), 0));
        }
        try (Testbed testbed = Testbed.open()) {
            Postgres postgres = testbed.startPostgres(
                    PostgresSpec.defaults().withSetting("max_wal_size", "16GB").withSetting("shared_buffers", "512MB"));
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            SnapshotLedger ledger = SnapshotLedger.create(postgres, Long.parseLong(arguments[2]));
            Measurements measurements = new Measurements("source-snapshot")
                    .on(postgres)
                    .beside("debezium-postgres", "debezium.version")
                    .with("payments", arguments[2])
                    .with("kills", kills)
                    .with("threads", THREADS)
                    .with("worker_heap", System.getProperty("worker.heap", "1g"));
            try (Topics topics = new Topics(kafka.bootstrapServers())) {
                SourceSnapshot snapshots = new SourceSnapshot(testbed, kafka, ledger, topics, measurements);
                snapshots.describe();
                snapshots.rounds(contenders, Integer.parseInt(arguments[4]));
            }
        }
    }

    /** Reads all once, so that no contender is the one that finds the server's caches cold. */
    private void describe() throws Exception {
        long begin = System.nanoTime();
        ledger.copyAndThrowAway();
        System.out.printf(
                Locale.ROOT,
                "ledger   %,d rows in %d tables, the largest %,d MiB; read by one COPY after the other in %.1f s;"
                        + " %s snapshot threads%n",
                ledger.rows(),
                ledger.tables().size(),
                ledger.bytes() >> 20,
                seconds(System.nanoTime() - begin),
                THREADS);
    }

    private void rounds(List<Contender> contenders, int rounds) throws Exception {
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 1; round <= rounds; round++) {
            copy(round);
            for (Contender contender : order) {
                SnapshotRun.Cost cost = take(contender, round);
                print(round, contender, cost);
                add(contender.name(), cost);
            }
            Collections.reverse(order);
        }
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours", "debezium");
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours", COPY);
        measurements.compare(Measurements.ROWS_PER_SECOND, "ours_killed", "ours");
        measurements.compare(Measurements.WORKER_CPU_PER_ROW, "ours", "debezium");
        measurements.compare(Measurements.PEAK_MEMORY, "ours", "debezium");
        measurements.finish();
    }

    /** What the server allows one connection at most. */
    private void copy(int round) throws Exception {
        Duration serverBefore = ledger.serverCpu();
        long begin = System.nanoTime();
        ledger.copyAndThrowAway();
        double seconds = seconds(System.nanoTime() - begin);
        measurements.add(COPY, Measurements.ROWS_PER_SECOND, ledger.rows() / seconds);
        measurements.add(COPY, Measurements.SECONDS, seconds);
        measurements.add(
                COPY,
                Measurements.SERVER_CPU_PER_ROW,
                ledger.serverCpu().minus(serverBefore).toNanos() / 1e3 / ledger.rows());
        measurements.printRound(round, COPY);
    }

    private void add(String contender, SnapshotRun.Cost cost) {
        double seconds = seconds(cost.time().toNanos());
        measurements.add(contender, Measurements.ROWS_PER_SECOND, ledger.rows() / seconds);
        measurements.add(contender, Measurements.SECONDS, seconds);
        measurements.addUsage(
                contender,
                cost.workerCpu(),
                cost.serverCpu(),
                new ServerUsage(cost.workerCpu(), cost.peakMemoryBytes()),
                ledger.rows());
    }

    private SnapshotRun.Cost take(Contender contender, int round) throws Exception {
        String name = contender.name() + round;
        return new SnapshotRun(name, testbed, kafka, contender.plugin(), ledger, topics)
                .take(contender.settings(ledger.captureSettings(name)), contender.kills());
    }

    private void print(int round, Contender contender, SnapshotRun.Cost cost) {
        System.out.printf(
                Locale.ROOT,
                "round %d  %-11s %d kills  %8.1f s (%5.1f s without a worker)  %,d rows sent, %,d of them again;"
                        + " %,d read (%.2f times the ledger)  %6.1f s worker CPU  %6.1f s server CPU"
                        + "  %4d MiB peak memory%n",
                round,
                contender.name(),
                contender.kills(),
                seconds(cost.time().toNanos()),
                seconds(cost.down().toNanos()),
                cost.sent(),
                cost.again(),
                cost.read(),
                (double) cost.read() / ledger.rows(),
                seconds(cost.workerCpu().toNanos()),
                seconds(cost.serverCpu().toNanos()),
                cost.peakMemoryBytes() >> 20);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
