package io.ledgerconnect.testbed.embedded;

import io.ledgerconnect.testbed.Backend;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.process.Workspace;

/** Every server is a process that works in the workspace, and ends with it. */
public final class EmbeddedBackend implements Backend {

    private final Workspace workspace;

    public EmbeddedBackend(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public Postgres startPostgres(String name, PostgresSpec spec) {
        return EmbeddedPostgres.start(workspace, name, spec);
    }

    @Override
    public KafkaBroker startKafka(String name, KafkaSpec spec) {
        return EmbeddedKafka.start(workspace, name, spec);
    }

    /** The workspace ends its processes. */
    @Override
    public void close() {}
}
