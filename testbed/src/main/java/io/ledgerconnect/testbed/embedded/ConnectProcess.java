package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.process.Launch;
import io.ledgerconnect.testbed.process.ProcessServer;
import io.ledgerconnect.testbed.process.ServerProcess;
import io.ledgerconnect.testbed.process.Workspace;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A distributed worker as a process. Its broker may be of any back end. */
public final class ConnectProcess implements ConnectWorker, ProcessServer {

    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

    /** So that a test waits little for what a killed worker leaves undone; 6 s is the least that a broker allows. */
    private static final Map<String, String> SHORT_WAITS = Map.of(
            "scheduled.rebalance.max.delay.ms", "0",
            "session.timeout.ms", "6000",
            "heartbeat.interval.ms", "2000",
            "offset.flush.interval.ms", "1000");

    private final URI restUrl;
    private final ConnectRest rest;
    private final ServerProcess process;

    private ConnectProcess(URI restUrl, ConnectRest rest, ServerProcess process) {
        this.restUrl = restUrl;
        this.rest = rest;
        this.process = process;
    }

    /** Starts a worker and returns when it has joined its cluster. */
    public static ConnectWorker start(Workspace workspace, String name, KafkaBroker kafka, ConnectSpec spec) {
        Path directory = workspace.createServerDirectory(name);
        URI restUrl = URI.create("http://127.0.0.1:" + workspace.ports().take());
        ConnectRest rest = new ConnectRest(restUrl);
        KafkaJvm jvm = new KafkaJvm(directory, spec.logLevels());
        Map<String, String> properties = properties(kafka, restUrl, spec);
        properties.putAll(spec.properties());
        Launch launch = new WorkerLaunch(jvm, spec, jvm.write("worker.properties", properties), rest);
        ConnectProcess worker = new ConnectProcess(restUrl, rest, new ServerProcess(directory, launch));
        worker.start();
        return worker;
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    @Override
    public URI restUrl() {
        return restUrl;
    }

    @Override
    public ConnectRest rest() {
        return rest;
    }

    @Override
    public String toString() {
        return name() + " at " + restUrl;
    }

    private static Map<String, String> properties(KafkaBroker kafka, URI restUrl, ConnectSpec spec) {
        Map<String, String> properties = new HashMap<>();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("group.id", spec.group());
        properties.put("listeners", restUrl.toString());
        properties.put("rest.advertised.host.name", restUrl.getHost());
        properties.put("key.converter", JSON);
        properties.put("value.converter", JSON);
        properties.put("plugin.discovery", "service_load");
        properties.put("connector.client.config.override.policy", "All");
        if (!spec.pluginPath().isEmpty()) {
            properties.put("plugin.path", pluginPath(spec.pluginPath()));
        }
        properties.putAll(internalTopics(spec.group()));
        properties.putAll(SHORT_WAITS);
        return properties;
    }

    private static Map<String, String> internalTopics(String group) {
        return Map.of(
                "config.storage.topic", group + "-configs",
                "config.storage.replication.factor", "1",
                "offset.storage.topic", group + "-offsets",
                "offset.storage.replication.factor", "1",
                "offset.storage.partitions", "5",
                "status.storage.topic", group + "-status",
                "status.storage.replication.factor", "1",
                "status.storage.partitions", "2");
    }

    private static String pluginPath(List<Path> directories) {
        return directories.stream()
                .map(directory -> directory.toAbsolutePath().toString())
                .collect(Collectors.joining(","));
    }

    private record WorkerLaunch(KafkaJvm jvm, ConnectSpec spec, Path properties, ConnectRest rest) implements Launch {

        @Override
        public List<String> command() {
            List<String> jvmArguments = new ArrayList<>(List.of("-Xmx" + spec.heap()));
            jvmArguments.addAll(spec.jvmArguments());
            return jvm.command(jvmArguments, "org.apache.kafka.connect.cli.ConnectDistributed", properties.toString());
        }

        @Override
        public Map<String, String> environment() {
            Map<String, String> environment = new HashMap<>(spec.environment());
            environment.putAll(jvm.environment());
            return environment;
        }

        @Override
        public String stopSignal() {
            return "TERM";
        }

        @Override
        public boolean isReady(String log) {
            return rest.isHealthy();
        }
    }
}
