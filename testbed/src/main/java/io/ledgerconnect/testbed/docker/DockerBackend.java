package io.ledgerconnect.testbed.docker;

import io.ledgerconnect.testbed.Backend;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.process.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Every server is a container that carries the testbed's name as a label, and is removed by it: by {@link #close()},
 * and for a killed JVM by Testcontainers' Ryuk and by the workspace's janitor, whichever there is.
 */
public final class DockerBackend implements Backend {

    private final Workspace workspace;
    private final Engine engine;

    public DockerBackend(Workspace workspace) {
        this.workspace = workspace;
        this.engine = Engine.connect(workspace.directory().getFileName().toString());
        workspace.atEnd("set -- '" + engine.address() + "' '" + engine.label() + "'\n" + removal());
    }

    /** Whether a Docker engine answers on this machine. */
    public static boolean isAvailable() {
        return Engine.isAvailable();
    }

    @Override
    public Postgres startPostgres(String name, PostgresSpec spec) {
        return DockerPostgres.start(engine, name, workspace.ports().take(), spec);
    }

    @Override
    public KafkaBroker startKafka(String name, KafkaSpec spec) {
        return DockerKafka.start(engine, name, workspace.ports().take(), spec);
    }

    @Override
    public void close() {
        engine.removeAll();
    }

    private static String removal() {
        try (InputStream script = DockerBackend.class.getResourceAsStream("remove-containers.sh")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
