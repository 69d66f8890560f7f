package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.process.Launch;
import io.ledgerconnect.testbed.process.ProcessServer;
import io.ledgerconnect.testbed.process.ServerProcess;
import io.ledgerconnect.testbed.process.Workspace;
import io.ledgerconnect.testbed.setup.PostgresProbe;
import io.ledgerconnect.testbed.setup.PostgresSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server as a process, with a cluster of its own in the workspace. */
final class EmbeddedPostgres implements Postgres, ProcessServer {

    private final PostgresCluster cluster;
    private final int port;
    private final ServerProcess process;

    private EmbeddedPostgres(PostgresCluster cluster, int port, Path directory) {
        this.cluster = cluster;
        this.port = port;
        this.process = new ServerProcess(directory, new PostgresLaunch());
    }

    static EmbeddedPostgres start(Workspace workspace, String name, PostgresSpec spec) {
        Path binaries = spec.binaries().orElseGet(() -> PostgresBinaries.unpacked(workspace));
        Path directory = workspace.createServerDirectory(name);
        int port = workspace.ports().take();
        PostgresCluster cluster = PostgresCluster.create(directory, binaries);
        cluster.configure(Map.of("port", Integer.toString(port)));
        cluster.configure(spec.settings());
        EmbeddedPostgres server = new EmbeddedPostgres(cluster, port, directory);
        server.start();
        return server;
    }

    @Override
    public ServerProcess process() {
        return process;
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
    public void restart(Map<String, String> settings) {
        stop();
        cluster.configure(settings);
        start();
    }

    @Override
    public String toString() {
        return name() + " on port " + port;
    }

    private final class PostgresLaunch implements Launch {

        @Override
        public List<String> command() {
            return cluster.serverCommand();
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        /** Ends all sessions and stops; PostgreSQL calls it fast. */
        @Override
        public String stopSignal() {
            return "INT";
        }

        @Override
        public boolean isReady(String log) {
            return PostgresProbe.isReady(EmbeddedPostgres.this);
        }
    }
}
