package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.ConnectSpec;
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

    Contender ours(Path plugin, Map<String, String> more) throws Exception {
        Map<String, String> settings = CaptureSettings.ours(ledger.captureSettings("ours"));
        settings.putAll(more);
        return start("ours", plugin, settings);
    }

    Contender debezium(Path plugin, Map<String, String> more) throws Exception {
        Map<String, String> settings = CaptureSettings.debezium(ledger.captureSettings("debezium"));
        settings.putAll(more);
        return start("debezium", plugin, settings);
    }

    private Contender start(String name, Path plugin, Map<String, String> settings) throws Exception {
        Contender contender = new Contender(
                name,
                testbed.startConnect(
                        kafka,
                        ConnectSpec.defaults()
                                .withGroup(name)
                                .withPluginPath(plugin)
                                .withHeap(System.getProperty("worker.heap", "1g"))),
                name + '.' + PaymentsLedger.TABLE);
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
