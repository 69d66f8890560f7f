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
import java.util.List;
import java.util.Map;

/**
 * How long a change takes from its commit until a consumer has it, under a steady load and with the connectors' default
 * settings; and how long a connector takes from its start until its first record. Ours beside Debezium's, in turns of
 * alternating order; the one whose turn it is not is stopped. The workers run all the time, so a start is a
 * connector's, not a JVM's. Prints each turn, and per connector the medians of its turns; ours with its own JSON
 * converter.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, changes per second,
 * seconds a turn, rounds. Property {@code worker.heap}: the workers' largest heap.
 */
public final class SourceLatency {
    private static final int CHANGES_PER_TRANSACTION = 5;
    private static final String P50 = "p50_ms";
    private static final String P99 = "p99_ms";
    private static final Map<String, String> CONVERTERS =
            CaptureSettings.jsonConverters(CaptureSettings.OUR_CONVERTER, false);
    /** Left out at the beginning of a turn: the connector is still catching up with its start. */
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private final PaymentsLedger ledger;
    private final KafkaBroker kafka;
    private final int changesPerSecond;
    private final Duration turn;
    private final Measurements measurements;

    private SourceLatency(
            PaymentsLedger ledger, KafkaBroker kafka, int changesPerSecond, Duration turn, Measurements measurements) {
        this.ledger = ledger;
        this.kafka = kafka;
        this.changesPerSecond = changesPerSecond;
        this.turn = turn;
        this.measurements = measurements;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[4]);
        try (Testbed testbed = Testbed.open()) {
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            Postgres postgres = testbed.startPostgres(PostgresSpec.defaults());
            PaymentsLedger ledger = PaymentsLedger.create(postgres);
            Measurements measurements = new Measurements("source-latency")
                    .on(postgres)
                    .beside("debezium-postgres", "debezium.version")
                    .with("changes_per_second", arguments[2])
                    .with("changes_per_transaction", CHANGES_PER_TRANSACTION)
                    .with("seconds", arguments[3]);
            List<Contender> contenders = new ArrayList<>();
            try (Topics topics = new Topics(kafka.bootstrapServers())) {
                Contenders start = new Contenders(testbed, kafka, ledger, topics);
                contenders.add(start.ours("ours", Path.of(arguments[0]), CONVERTERS));
                if (!arguments[1].equals("-")) {
                    contenders.add(start.debezium("debezium", Path.of(arguments[1]), Map.of()));
                }
            }
            SourceLatency latency = new SourceLatency(
                    ledger,
                    kafka,
                    Integer.parseInt(arguments[2]),
                    Duration.ofSeconds(Long.parseLong(arguments[3])),
                    measurements);
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : contenders) {
                    latency.turn(contender);
                    measurements.printRound(round, contender.name());
                }
                Collections.reverse(contenders);
            }
            for (String figure : List.of(P50, P99, Measurements.START_SECONDS, Measurements.WORKER_CPU)) {
                measurements.compare(figure, "ours", "debezium");
            }
            measurements.finish();
        }
    }

    private void turn(Contender contender) throws Exception {
        try (Arrivals arrivals = new Arrivals(kafka.bootstrapServers(), contender.topic())) {
            ledger.generate(1, 1);
            long begin = System.nanoTime();
            contender.resume();
            arrivals.awaitFirst();
            double startSeconds = (System.nanoTime() - begin) / 1e9;
            try (SteadyLoad load = ledger.load(changesPerSecond, CHANGES_PER_TRANSACTION)) {
                arrivals.pass(WARM_UP);
                Duration workerBefore = contender.worker().usage().cpu();
                Duration serverBefore = ledger.serverCpu();
                Arrivals.Latencies latencies = arrivals.measure(turn);
                load.requireKept();
                String name = contender.name();
                measurements.add(name, P50, latencies.millis(0.50));
                measurements.add(name, P99, latencies.millis(0.99));
                measurements.add(name, "max_ms", latencies.millis(1.00));
                measurements.add(name, Measurements.START_SECONDS, startSeconds);
                measurements.addUsage(
                        name,
                        contender.worker().usage().cpu().minus(workerBefore),
                        ledger.serverCpu().minus(serverBefore),
                        contender.worker().usage(),
                        latencies.count());
            }
        } finally {
            contender.stop();
        }
    }
}
