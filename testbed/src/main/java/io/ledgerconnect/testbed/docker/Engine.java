package io.ledgerconnect.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.ledgerconnect.testbed.TestbedException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * The Docker engine, as one testbed uses it. Testcontainers finds it, brings the images and sees to the removal of
 * containers whose JVM is gone. What it does not have are servers that start again, so those are made through its
 * client. Safe for use by several threads.
 */
final class Engine {

    private static final String LABEL = "io.ledgerconnect.testbed";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

    private final DockerClient client;
    private final String testbed;

    private Engine(DockerClient client, String testbed) {
        this.client = client;
        this.testbed = testbed;
    }

    /** Whether an engine answers whose loopback ports are this machine's. */
    static boolean isAvailable() {
        try {
            DockerClientFactory docker = DockerClientFactory.instance();
            return docker.isDockerAvailable() && LOOPBACK.contains(docker.dockerHostIpAddress());
        } catch (RuntimeException unusable) {
            return false;
        }
    }

    /** Connects for the testbed of the given name. */
    static Engine connect(String testbed) {
        try {
            return new Engine(DockerClientFactory.instance().client(), testbed);
        } catch (RuntimeException unusable) {
            throw new TestbedException(
                    "Testcontainers cannot use a Docker engine here. See what answers with: docker info. Where only its"
                            + " own image testcontainers/ryuk cannot be had, set TESTCONTAINERS_RYUK_DISABLED=true."
                            + " Without an engine: -Dtestbed.backend=embedded",
                    unusable);
        }
    }

    /** Creates a container without starting it; brings its image first, where the engine does not have it. */
    Container create(String name, ContainerSpec spec) {
        try {
            String image = new RemoteDockerImage(DockerImageName.parse(spec.image())).get();
            String id = create(image, name, spec);
            return new Container(client, name, id, spec.stopSignal());
        } catch (Exception failed) {
            throw new TestbedException(
                    name + " cannot be created from the image " + spec.image() + ": " + failed.getMessage(), failed);
        }
    }

    /** Removes all containers of this testbed and their data, in whatever state they are. */
    void removeAll() {
        client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(LABEL, testbed))
                .exec()
                .forEach(container -> remove(container.getId()));
    }

    /** What finds this testbed's containers. */
    String label() {
        return LABEL + "=" + testbed;
    }

    URI address() {
        return DockerClientFactory.instance().getTransportConfig().getDockerHost();
    }

    private void remove(String id) {
        try {
            client.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException goneOrGoing) {
            // When the JVM shuts down, Testcontainers removes them too.
        }
    }

    private String create(String image, String name, ContainerSpec spec) {
        ExposedPort port = ExposedPort.tcp(spec.port());
        Ports.Binding published = Ports.Binding.bindIpAndPort("127.0.0.1", spec.publishedPort());
        List<String> environment = spec.environment().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        var command = client.createContainerCmd(image)
                .withName(testbed + "-" + name)
                .withLabels(labels())
                .withEnv(environment)
                .withExposedPorts(port)
                .withHostConfig(HostConfig.newHostConfig().withPortBindings(new PortBinding(published, port)));
        if (!spec.command().isEmpty()) {
            command.withCmd(spec.command());
        }
        return command.exec().getId();
    }

    /** Ours, by which a testbed removes its own, and those by which Testcontainers removes a JVM's. */
    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(DockerClientFactory.DEFAULT_LABELS);
        labels.put(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);
        labels.put(LABEL, testbed);
        return labels;
    }
}
