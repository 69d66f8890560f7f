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
import java.util.Locale;

/**
 * Rows per second out of a WAL backlog, ours beside Debezium's connector: one server, one broker, one worker process
 * each, and the same backlog drained by both in turn, in alternating order. Prints each round and the medians of the
 * ratios.
 *
 * <p>Arguments: our plugin directory, Debezium's plugin directory or {@code -} to run ours alone, rows per backlog,
 * rows per transaction, rounds. Property {@code worker.heap}: the workers' largest heap.
 */
public final class SourceDrain {
    private final PaymentsLedger ledger;
    private final Topics topics;
    private final long rows;
    private final int rowsPerTransaction;

    private SourceDrain(PaymentsLedger ledger, Topics topics, long rows, int rowsPerTransaction) {
        this.ledger = ledger;
        this.topics = topics;
        this.rows = rows;
        this.rowsPerTransaction = rowsPerTransaction;
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
                PaymentsLedger ledger = PaymentsLedger.create(postgres);
                SourceDrain drain = new SourceDrain(ledger, topics, rows, rowsPerTransaction);
                Contenders start = new Contenders(testbed, kafka, ledger, topics);
                List<Drained> contenders = new ArrayList<>();
                contenders.add(new Drained(start.ours(ours, CaptureSettings.RAISED)));
                if (!arguments[1].equals("-")) {
                    contenders.add(
                            new Drained(start.debezium(Path.of(arguments[1]), CaptureSettings.raisedForDebezium())));
                }
                for (int round = 1; round <= rounds; round++) {
                    drain.round(round, contenders);
                }
                report(contenders);
            }
        }
    }

    /** One connector in the comparison, and its rounds. */
    private record Drained(Contender contender, List<Double> rates, List<Double> cpuMicros) {
        Drained(Contender contender) {
            this(contender, new ArrayList<>(), new ArrayList<>());
        }

        String name() {
            return contender.name();
        }
    }

    private void round(int round, List<Drained> contenders) throws Exception {
        ledger.generate(rows, rowsPerTransaction);
        List<Drained> order = new ArrayList<>(contenders);
        if (round % 2 == 0) {
            Collections.reverse(order);
        }
        for (Drained contender : order) {
            drain(round, contender);
        }
    }

    private void drain(int round, Drained drained) throws Exception {
        Contender contender = drained.contender();
        long before = topics.end(contender.topic());
        Duration cpuBefore = contender.worker().usage().cpu();
        Duration serverBefore = ledger.serverCpu();
        long begin = System.nanoTime();
        contender.rest().resume(contender.name());
        topics.awaitEnd(contender.topic(), before + rows);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = contender.worker().usage().cpu().minus(cpuBefore).toNanos() / 1e3 / rows;
        double server = ledger.serverCpu().minus(serverBefore).toNanos() / 1e3 / rows;
        drained.rates().add(rows / seconds);
        drained.cpuMicros().add(cpu);
        System.out.printf(
                Locale.ROOT,
                "round %d  %-9s %8.0f rows/s  %6.1f s  %5.1f us worker CPU/row  %5.1f us server CPU/row  %4d MiB peak memory%n",
                round,
                contender.name(),
                rows / seconds,
                seconds,
                cpu,
                server,
                contender.worker().usage().peakMemoryBytes() >> 20);
        contender.stop();
    }

    private static void report(List<Drained> contenders) {
        Drained ours = contenders.get(0);
        if (contenders.size() == 1) {
            return;
        }
        Drained other = contenders.get(1);
        List<Double> ratios = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < ours.rates().size(); i++) {
            ratios.add(ours.rates().get(i) / other.rates().get(i));
            cpu.add(ours.cpuMicros().get(i) / other.cpuMicros().get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "median    ours %.0f rows/s, %s %.0f rows/s, ratio %.2f (%.2f to %.2f), CPU per row ratio %.2f%n",
                Median.of(ours.rates()),
                other.name(),
                Median.of(other.rates()),
                Median.of(ratios),
                ratios.stream().min(Double::compare).orElseThrow(),
                ratios.stream().max(Double::compare).orElseThrow(),
                Median.of(cpu));
    }
}
