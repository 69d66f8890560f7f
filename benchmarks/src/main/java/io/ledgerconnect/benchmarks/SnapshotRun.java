package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ConnectorStatus;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.ServerUsage;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One connector's snapshot of a ledger, on a worker process of its own that is killed on the way as often as is wanted.
 * Used once, by one thread. Begins with empty topics and without a slot, and leaves none behind.
 */
final class SnapshotRun {
    private static final Duration LOOK = Duration.ofMillis(200);
    /** Longer than a connector pauses on its way, and than a restarted worker takes to hand out its tasks. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    private final String name;
    private final SnapshotLedger ledger;
    private final Topics topics;
    private final List<String> tableTopics;
    private final ConnectWorker worker;

    private Duration workerCpu = Duration.ZERO;
    private Duration down = Duration.ZERO;
    private long peakMemoryBytes;
    private long begun;
    private long arrived;
    private long lastArrival;

    /** Starts the worker. The name is that of the connector, its slot and the prefix of its topics. */
    SnapshotRun(String name, Testbed testbed, KafkaBroker kafka, Path plugin, SnapshotLedger ledger, Topics topics) {
        this.name = name;
        this.ledger = ledger;
        this.topics = topics;
        this.tableTopics = ledger.tables().stream()
                .map(table -> name + ".public." + table.name())
                .toList();
        this.worker = testbed.startConnect(
                kafka,
                ConnectSpec.defaults()
                        .withGroup(name)
                        .withPluginPath(plugin)
                        .withHeap(System.getProperty("worker.heap", "1g")));
    }

    /**
     * What a snapshot has cost. The time is that of the wall clock from the connector's creation until the last record
     * has arrived; the worker's figures are the sum, and of memory the largest, of all its lives.
     *
     * @param sent records that have arrived in Kafka
     * @param again those of them that had arrived before, by their keys
     * @param read rows that the server has read in the tables, as it counts them
     * @param down time without a worker that answers
     */
    record Cost(
            Duration time,
            long sent,
            long again,
            long read,
            Duration down,
            Duration workerCpu,
            Duration serverCpu,
            long peakMemoryBytes) {}

    /** Takes the snapshot, and fails unless every row has arrived. */
    Cost take(Map<String, String> settings, int kills) throws Exception {
        Duration serverCpuBefore = ledger.serverCpu();
        long readBefore = ledger.rowsRead();
        try {
            workerCpu = worker.usage().cpu().negated();
            begun = System.nanoTime();
            lastArrival = begun;
            worker.rest().putConnector(name, settings);
            worker.rest().awaitRunning(name, LONGEST_START);
            for (int kill = 1; kill <= kills; kill++) {
                awaitArrived(ledger.rows() * kill / (kills + 1));
                kill();
            }
            awaitArrived(ledger.rows());
            try (ArrivedRows rows = new ArrivedRows(topics.bootstrapServers(), tableTopics)) {
                awaitEveryRow(rows);
                account();
                Duration serverCpu = ledger.serverCpu().minus(serverCpuBefore);
                end();
                return new Cost(
                        Duration.ofNanos(lastArrival - begun),
                        rows.records(),
                        rows.records() - rows.rows(),
                        ledger.rowsRead() - readBefore,
                        down,
                        workerCpu,
                        serverCpu,
                        peakMemoryBytes);
            }
        } finally {
            end();
        }
    }

    private void kill() {
        account();
        long killed = System.nanoTime();
        worker.kill();
        worker.start();
        down = down.plusNanos(System.nanoTime() - killed);
    }

    /** Adds what this life of the worker has used. */
    private void account() {
        ServerUsage usage = worker.usage();
        workerCpu = workerCpu.plus(usage.cpu());
        peakMemoryBytes = Math.max(peakMemoryBytes, usage.peakMemoryBytes());
    }

    private void awaitArrived(long count) throws Exception {
        while (look() < count) {
            requireProgress();
            Thread.sleep(LOOK.toMillis());
        }
    }

    /** Records may come again, so their number does not tell when all rows are there; it is counted in silences. */
    private void awaitEveryRow(ArrivedRows rows) throws Exception {
        awaitSilence();
        rows.readOn();
        while (rows.rows() < ledger.rows()) {
            awaitArrived(arrived + 1);
            awaitSilence();
            rows.readOn();
        }
        if (rows.rows() > ledger.rows()) {
            throw new IllegalStateException(name + " has sent " + rows.rows() + " different rows of " + ledger.rows());
        }
    }

    private void awaitSilence() throws Exception {
        do {
            requireProgress();
            Thread.sleep(LOOK.toMillis());
            look();
        } while (System.nanoTime() - lastArrival < SILENCE.toNanos());
    }

    /** Asks how many records have arrived, and notes when it grows. */
    private long look() throws Exception {
        long now = 0;
        for (String topic : tableTopics) {
            now += topics.end(topic);
        }
        if (now > arrived) {
            arrived = now;
            lastArrival = System.nanoTime();
        }
        return arrived;
    }

    private void requireProgress() {
        ConnectorStatus status = worker.rest().status(name);
        if (status.isFailed()) {
            throw new IllegalStateException(
                    name + " has failed: " + status.failure().orElse("without a stack trace"));
        }
        if (System.nanoTime() - lastArrival > LONGEST_SILENCE.toNanos()) {
            throw new IllegalStateException(name + " has sent " + arrived + " records for " + ledger.rows()
                    + " rows, and nothing for " + LONGEST_SILENCE.toMinutes() + " minutes");
        }
    }

    /** Gives back what it held: the worker's memory, the topics' disk and the slot's WAL. */
    private void end() throws Exception {
        worker.kill();
        ledger.awaitNobodyConnected();
        ledger.dropSlots();
        topics.delete(tableTopics);
    }
}
