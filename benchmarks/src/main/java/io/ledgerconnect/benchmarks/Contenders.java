package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Starts the connectors of a comparison against one ledger and one broker, and leaves each stopped. */
final class Contenders {
    private final Testbed testbed;
    private final KafkaBroker kafka;
    private final PaymentsLedger ledger;
    private final Topics topics;

    Contenders(Testbed testbed, KafkaBroker kafka, PaymentsLedger ledger, Topics topics) {
        this.testbed = testbed;
        this.kafka = kafka;
        this.ledger = ledger;
        this.topics = topics;
    }

    Contender ours(String name, Path plugin, Map<String, String> more) throws Exception {
        Map<String, String> settings = CaptureSettings.ours(ledger.captureSettings(name));
        settings.putAll(more);
        return start(name, worker(name, plugin, System.getProperty("worker.heap", "1g")), settings);
    }

    Contender debezium(String name, Path plugin, Map<String, String> more) throws Exception {
        Map<String, String> settings = CaptureSettings.debezium(ledger.captureSettings(name));
        settings.putAll(more);
        String heap = System.getProperty("debezium.heap", System.getProperty("worker.heap", "1g"));
        return start(name, worker(name, plugin, heap), settings);
    }

    /** With exactly-once support where the name says so. */
    private ConnectWorker worker(String name, Path plugin, String heap) {
        ConnectSpec spec =
                ConnectSpec.defaults().withGroup(name).withPluginPath(plugin).withHeap(heap);
        return testbed.startConnect(
                kafka, isExactlyOnce(name) ? spec.withProperty("exactly.once.source.support", "enabled") : spec);
    }

    static boolean isExactlyOnce(String name) {
        return name.endsWith("exactly_once");
    }

    private Contender start(String name, ConnectWorker worker, Map<String, String> settings) throws Exception {
        Contender contender = new Contender(name, worker, name + '.' + PaymentsLedger.TABLE);
        contender.rest().putConnector(name, settings);
        contender.rest().awaitRunning(name, Duration.ofMinutes(2));
        // One change makes the topic, the slot and the first stored offset.
        ledger.awaitSlot(name);
        long before = topics.end(contender.topic());
        ledger.generate(1, 1);
        topics.awaitEnd(contender.topic(), before + 1);
        contender.stop();
        return contender;
    }
}
