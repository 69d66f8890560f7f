package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.process.Launch;
import io.ledgerconnect.testbed.process.Preparation;
import io.ledgerconnect.testbed.process.ProcessServer;
import io.ledgerconnect.testbed.process.ServerProcess;
import io.ledgerconnect.testbed.process.Workspace;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker as a process, which is its own controller. */
final class EmbeddedKafka implements KafkaBroker, ProcessServer {

    private static final int CLUSTER_ID_BYTES = 16;

    /** As small as one broker allows: fewer partitions to recover after it was killed. */
    private static final Map<String, String> INTERNAL_TOPICS = Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "5",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "5",
            "group.initial.rebalance.delay.ms", "0");

    private final String bootstrapServers;
    private final ServerProcess process;

    private EmbeddedKafka(String bootstrapServers, ServerProcess process) {
        this.bootstrapServers = bootstrapServers;
        this.process = process;
    }

    static EmbeddedKafka start(Workspace workspace, String name, KafkaSpec spec) {
        Path directory = workspace.createServerDirectory(name);
        String address = "127.0.0.1:" + workspace.ports().take();
        KafkaJvm jvm = new KafkaJvm(directory, Map.of());
        Map<String, String> properties =
                properties(directory, address, "127.0.0.1:" + workspace.ports().take());
        properties.putAll(spec.properties());
        Path file = jvm.write("server.properties", properties);
        format(directory, jvm, file);
        EmbeddedKafka broker =
                new EmbeddedKafka(address, new ServerProcess(directory, new BrokerLaunch(jvm, spec.heap(), file)));
        broker.start();
        return broker;
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public String toString() {
        return name() + " at " + bootstrapServers;
    }

    private static void format(Path directory, KafkaJvm jvm, Path properties) {
        List<String> command = jvm.command(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                "kafka.tools.StorageTool",
                "format",
                "--cluster-id=" + newClusterId(),
                "--config=" + properties);
        Preparation.run(directory, "format", command, jvm.environment());
    }

    private static String newClusterId() {
        byte[] id = new byte[CLUSTER_ID_BYTES];
        new SecureRandom().nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    private static Map<String, String> properties(Path directory, String address, String controllerAddress) {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("log.dirs", directory.resolve("data").toString());
        properties.put("listeners", "PLAINTEXT://" + address + ",CONTROLLER://" + controllerAddress);
        properties.put("advertised.listeners", "PLAINTEXT://" + address);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", "1@" + controllerAddress);
        // A topic that is created by accident has other partitions than the one that was meant.
        properties.put("auto.create.topics.enable", "false");
        // The controller refuses a killed broker's successor until this has passed.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.putAll(INTERNAL_TOPICS);
        return properties;
    }

    private record BrokerLaunch(KafkaJvm jvm, String heap, Path properties) implements Launch {

        @Override
        public List<String> command() {
            return jvm.command(List.of("-Xmx" + heap), "kafka.Kafka", properties.toString());
        }

        @Override
        public Map<String, String> environment() {
            return jvm.environment();
        }

        @Override
        public String stopSignal() {
            return "TERM";
        }

        /** Its port is open long before it serves. */
        @Override
        public boolean isReady(String log) {
            return log.contains("] Kafka Server started");
        }
    }
}
