package io.ledgerconnect.testbed;

import io.ledgerconnect.testbed.embedded.ConnectProcess;
import io.ledgerconnect.testbed.process.Workspace;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A set of real servers that live as long as it. Safe for use by several threads: servers that do not need each other
 * can be started at the same time.
 */
public final class Testbed implements AutoCloseable {

    private final BackendKind kind;
    private final Workspace workspace;
    private final Backend backend;
    private final Thread shutdownHook = new Thread(this::end, "testbed-end");
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private boolean closed;

    private Testbed(BackendKind kind, Workspace workspace) {
        this.kind = kind;
        this.workspace = workspace;
        this.backend = kind.open(workspace);
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** Opens an empty testbed on the back end that {@link BackendKind#PROPERTY} names, or on the best there is. */
    public static Testbed open() {
        return open(BackendKind.choose());
    }

    /** Opens an empty testbed on the given back end. */
    public static Testbed open(BackendKind kind) {
        return new Testbed(kind, Workspace.open());
    }

    /** How this testbed gets its servers. */
    public BackendKind backend() {
        return kind;
    }

    /** Where the servers' files and logs are while the testbed is open. */
    public Path directory() {
        return workspace.directory();
    }

    /** Starts a database server on an empty cluster; returns when it takes connections. */
    public Postgres startPostgres(PostgresSpec spec) {
        return backend.startPostgres(nextName("postgres"), spec);
    }

    /** Starts a broker without topics; returns when it serves clients. */
    public KafkaBroker startKafka(KafkaSpec spec) {
        return backend.startKafka(nextName("kafka"), spec);
    }

    /** Starts a worker on the given broker; returns when it has joined its cluster. */
    public ConnectWorker startConnect(KafkaBroker kafka, ConnectSpec spec) {
        return ConnectProcess.start(workspace, nextName("connect"), kafka, spec);
    }

    /** Ends all servers at once and removes everything they wrote. May be called again. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // Then the hook finds everything done.
        }
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        try (workspace) {
            backend.close();
        }
    }

    private String nextName(String what) {
        return what + "-" + numbers.merge(what, 1, Integer::sum);
    }
}
