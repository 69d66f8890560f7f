package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.process.Launch;
import io.ledgerconnect.testbed.process.Preparation;
import io.ledgerconnect.testbed.process.ProcessServer;
import io.ledgerconnect.testbed.process.ServerProcess;
import io.ledgerconnect.testbed.process.Workspace;
import io.ledgerconnect.testbed.setup.BrokerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker as a process, which is its own controller. */
final class EmbeddedKafka implements KafkaBroker, ProcessServer {

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
        String controller = "127.0.0.1:" + workspace.ports().take();
        String data = directory.resolve("data").toString();
        Path file = jvm.write("server.properties", BrokerSettings.of(spec, address, address, controller, data));
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
                "--cluster-id=" + BrokerSettings.newClusterId(),
                "--config=" + properties);
        Preparation.run(directory, "format", command, jvm.environment());
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

        @Override
        public boolean isReady(String log) {
            return BrokerSettings.isReady(log);
        }
    }
}
