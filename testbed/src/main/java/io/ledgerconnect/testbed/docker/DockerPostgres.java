package io.ledgerconnect.testbed.docker;

import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.setup.PostgresProbe;
import io.ledgerconnect.testbed.setup.PostgresSettings;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server in a container of the official image. Its version is the image's. */
final class DockerPostgres implements Postgres, ContainerServer {

    private static final int PORT = 5432;

    /** Settings that a restart can change, unlike arguments of a container. */
    private static final String SETTINGS_FILE = "/etc/testbed.conf";

    private final Container container;
    private final int port;
    private final PostgresSettings settings = new PostgresSettings();

    private DockerPostgres(Container container, int port) {
        this.container = container;
        this.port = port;
    }

    static DockerPostgres start(Engine engine, String name, int port, PostgresSpec spec) {
        DockerPostgres server = new DockerPostgres(engine.create(name, container(port)), port);
        server.settings.change(Map.of("listen_addresses", "*"));
        server.settings.change(spec.settings());
        server.start();
        return server;
    }

    @Override
    public Container container() {
        return container;
    }

    @Override
    public void start() {
        container.write(SETTINGS_FILE, settings.file());
        container.start(log -> PostgresProbe.isReady(this));
    }

    @Override
    public void restart(Map<String, String> changed) {
        stop();
        settings.change(changed);
        start();
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return PostgresSettings.USER;
    }

    @Override
    public String password() {
        return PostgresSettings.PASSWORD;
    }

    @Override
    public String toString() {
        return name() + " on port " + port;
    }

    private static ContainerSpec container(int port) {
        Map<String, String> environment = Map.of(
                "POSTGRES_USER", PostgresSettings.USER,
                "POSTGRES_PASSWORD", PostgresSettings.PASSWORD,
                "POSTGRES_INITDB_ARGS", String.join(" ", PostgresSettings.INITDB_ARGUMENTS));
        // The interrupt ends all sessions and stops; PostgreSQL calls it fast.
        return new ContainerSpec(
                Images.named(Images.POSTGRES),
                environment,
                List.of("postgres", "-c", "config_file=" + SETTINGS_FILE),
                PORT,
                port,
                "INT");
    }
}
