package io.ledgerconnect.testbed.docker;

import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.setup.BrokerSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A broker in a container of the official image, which is its own controller. */
final class DockerKafka implements KafkaBroker, ContainerServer {

    /** Where the image looks for properties; it formats the data's directory with them at the first start. */
    private static final String PROPERTIES_FILE = "/mnt/shared/config/server.properties";

    private static final String DATA = "/var/lib/kafka/data";

    private final Container container;
    private final String bootstrapServers;

    private DockerKafka(Container container, String bootstrapServers) {
        this.container = container;
        this.bootstrapServers = bootstrapServers;
    }

    /** The broker calls itself by its advertised address, so the port is the same inside and outside. */
    static DockerKafka start(Engine engine, String name, int port, KafkaSpec spec) {
        Container container = engine.create(name, container(port, spec));
        String address = "127.0.0.1:" + port;
        String controller = "127.0.0.1:" + (port + 1);
        container.write(PROPERTIES_FILE, text(BrokerSettings.of(spec, "0.0.0.0:" + port, address, controller, DATA)));
        DockerKafka broker = new DockerKafka(container, address);
        broker.start();
        return broker;
    }

    @Override
    public Container container() {
        return container;
    }

    @Override
    public void start() {
        container.start(BrokerSettings::isReady);
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public String toString() {
        return name() + " at " + bootstrapServers;
    }

    private static ContainerSpec container(int port, KafkaSpec spec) {
        Map<String, String> environment =
                Map.of("CLUSTER_ID", BrokerSettings.newClusterId(), "KAFKA_HEAP_OPTS", "-Xmx" + spec.heap());
        return new ContainerSpec(Images.named(Images.KAFKA), environment, List.of(), port, port, "TERM");
    }

    private static String text(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
