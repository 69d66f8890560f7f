package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How long a change takes from its commit until a consumer has it, under a steady load and with the connectors' default
 * settings; and how long a connector takes from its start until its first record. Ours beside Debezium's, in turns of
 * alternating order; the one whose turn it is not is stopped. The workers run all the time, so a start is a
 * connector's, not a JVM's. Prints each turn, and per connector the medians of its turns.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, changes per second,
 * seconds a turn, rounds. Property {@code worker.heap}: the workers' largest heap.
 */
public final class SourceLatency {
    private static final int CHANGES_PER_TRANSACTION = 5;
    /** Left out at the beginning of a turn: the connector is still catching up with its start. */
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private final PaymentsLedger ledger;
    private final KafkaBroker kafka;
    private final int changesPerSecond;
    private final Duration turn;

    private SourceLatency(PaymentsLedger ledger, KafkaBroker kafka, int changesPerSecond, Duration turn) {
        this.ledger = ledger;
        this.kafka = kafka;
        this.changesPerSecond = changesPerSecond;
        this.turn = turn;
    }

    /** Seconds from start to first record, and the latencies of a turn. */
    private record Turn(double startSeconds, Arrivals.Latencies latencies) {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[4]);
        try (Testbed testbed = Testbed.open()) {
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            PaymentsLedger ledger = PaymentsLedger.create(testbed.startPostgres(PostgresSpec.defaults()));
            List<Contender> contenders = new ArrayList<>();
            try (Topics topics = new Topics(kafka.bootstrapServers())) {
                Contenders start = new Contenders(testbed, kafka, ledger, topics);
                contenders.add(start.ours(Path.of(arguments[0]), Map.of()));
                if (!arguments[1].equals("-")) {
                    contenders.add(start.debezium(Path.of(arguments[1]), Map.of()));
                }
            }
            SourceLatency latency = new SourceLatency(
                    ledger, kafka, Integer.parseInt(arguments[2]), Duration.ofSeconds(Long.parseLong(arguments[3])));
            Map<String, List<Turn>> turns = new TreeMap<>(Comparator.reverseOrder());
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : contenders) {
                    Turn turn = latency.turn(contender);
                    print(round, contender, turn);
                    turns.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                            .add(turn);
                }
                Collections.reverse(contenders);
            }
            turns.forEach(SourceLatency::report);
        }
    }

    private Turn turn(Contender contender) throws Exception {
        try (Arrivals arrivals = new Arrivals(kafka.bootstrapServers(), contender.topic())) {
            ledger.generate(1, 1);
            long begin = System.nanoTime();
            contender.resume();
            arrivals.awaitFirst();
            double startSeconds = (System.nanoTime() - begin) / 1e9;
            try (SteadyLoad load = ledger.load(changesPerSecond, CHANGES_PER_TRANSACTION)) {
                arrivals.pass(WARM_UP);
                Arrivals.Latencies latencies = arrivals.measure(turn);
                load.requireKept();
                return new Turn(startSeconds, latencies);
            }
        } finally {
            contender.stop();
        }
    }

    private static void print(int round, Contender contender, Turn turn) {
        System.out.printf(
                Locale.ROOT,
                "round %d  %-9s start to first record %5.2f s   commit to consumer p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms  (%,d changes)%n",
                round,
                contender.name(),
                turn.startSeconds(),
                turn.latencies().millis(0.50),
                turn.latencies().millis(0.99),
                turn.latencies().millis(1.00),
                turn.latencies().count());
    }

    private static void report(String name, List<Turn> turns) {
        System.out.printf(
                Locale.ROOT,
                "median   %-9s start to first record %5.2f s   commit to consumer p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms%n",
                name,
                median(turns, Turn::startSeconds),
                median(turns, turn -> turn.latencies().millis(0.50)),
                median(turns, turn -> turn.latencies().millis(0.99)),
                median(turns, turn -> turn.latencies().millis(1.00)));
    }

    private static double median(List<Turn> turns, Function<Turn, Double> figure) {
        return Median.of(turns.stream().map(figure).toList());
    }
}
