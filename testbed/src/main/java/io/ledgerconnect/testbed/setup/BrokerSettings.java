package io.ledgerconnect.testbed.setup;

import io.ledgerconnect.testbed.KafkaSpec;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The properties of a broker that is its own controller. */
public final class BrokerSettings {

    private static final int CLUSTER_ID_BYTES = 16;

    /** As small as one broker allows: fewer partitions to recover after it was killed. */
    private static final Map<String, String> INTERNAL_TOPICS = Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "5",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "5",
            "group.initial.rebalance.delay.ms", "0");

    private BrokerSettings() {}

    /**
     * The testbed's own properties, and the specification's laid over them.
     *
     * @param listener the address that it listens on
     * @param advertised the address where clients find it, and it itself for its internal topics
     * @param controller the controller's address
     * @param data the directory of its data
     */
    public static Map<String, String> of(
            KafkaSpec spec, String listener, String advertised, String controller, String data) {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("log.dirs", data);
        properties.put("listeners", "PLAINTEXT://" + listener + ",CONTROLLER://" + controller);
        properties.put("advertised.listeners", "PLAINTEXT://" + advertised);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", "1@" + controller);
        // A topic that is created by accident has other partitions than the one that was meant.
        properties.put("auto.create.topics.enable", "false");
        // The controller refuses a killed broker's successor until this has passed.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.putAll(INTERNAL_TOPICS);
        properties.putAll(spec.properties());
        return properties;
    }

    public static String newClusterId() {
        byte[] id = new byte[CLUSTER_ID_BYTES];
        new SecureRandom().nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    /** Its port is open long before it serves; {@code log} is what it has logged since its start. */
    public static boolean isReady(String log) {
        return log.contains("] Kafka Server started");
    }
}
