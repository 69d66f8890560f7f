package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The first snapshot of a ledger: ours without interruption, ours with the worker killed on the way, and Debezium's
 * without interruption. One server and one broker; each run has a worker process, a slot and topics of its own, one
 * after the other, in alternating order. Prints each run, and for each contender the median of its times.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, payments, kills,
 * rounds. Properties: {@code worker.heap}, the workers' largest heap; {@code threads}, how many read a snapshot.
 */
public final class SourceSnapshot {
    private static final String THREADS = System.getProperty("threads", "2");

    private final Testbed testbed;
    private final KafkaBroker kafka;
    private final SnapshotLedger ledger;
    private final Topics topics;

    private SourceSnapshot(Testbed testbed, KafkaBroker kafka, SnapshotLedger ledger, Topics topics) {
        this.testbed = testbed;
        this.kafka = kafka;
        this.ledger = ledger;
        this.topics = topics;
    }

    /** A connector that takes snapshots, and how often its worker is killed in each. */
    private record Contender(String name, Path plugin, int kills) {
        Map<String, String> settings(Map<String, String> capture) {
            boolean ours = name.startsWith("ours");
            Map<String, String> settings = ours ? CaptureSettings.ours(capture) : CaptureSettings.debezium(capture);
            settings.putAll(ours ? CaptureSettings.RAISED : CaptureSettings.raisedForDebezium());
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
            try (Topics topics = new Topics(kafka.bootstrapServers())) {
                SourceSnapshot snapshots = new SourceSnapshot(testbed, kafka, ledger, topics);
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
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : order) {
                SnapshotRun.Cost cost = take(contender, round);
                print(round, contender, cost);
                seconds.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(seconds(cost.time().toNanos()));
            }
            Collections.reverse(order);
        }
        seconds.forEach((name, times) -> System.out.printf(
                Locale.ROOT,
                "median   %-11s %8.1f s  %8.0f rows/s%n",
                name,
                Median.of(times),
                ledger.rows() / Median.of(times)));
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
