package io.ledgerconnect.testbed.pipeline;

import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Of what a pipeline is built.
 *
 * @param projectRoot the directory with {@code config/} and the modules of both plugins, built
 * @param ledger the ledger's server
 * @param reporting the reporting store's server
 * @param workers number of Connect workers, which form one cluster
 * @param workerProperties worker properties, laid over those of {@code config/worker.properties}
 */
public record PipelineSpec(
        Path projectRoot,
        PostgresSpec ledger,
        PostgresSpec reporting,
        int workers,
        Map<String, String> workerProperties) {

    public PipelineSpec {
        if (workers < 1) {
            throw new IllegalArgumentException("A pipeline needs a worker");
        }
        workerProperties = Map.copyOf(workerProperties);
    }

    /** One worker, and the testbed's own PostgreSQL twice, for the given project. */
    public static PipelineSpec of(Path projectRoot) {
        return new PipelineSpec(projectRoot, PostgresSpec.defaults(), PostgresSpec.defaults(), 1, Map.of());
    }

    /** The same for the project of the working directory. */
    public static PipelineSpec defaults() {
        return of(LedgerSql.projectRoot());
    }

    /** Uses the same PostgreSQL on both sides. */
    public PipelineSpec withPostgres(PostgresSpec spec) {
        return new PipelineSpec(projectRoot, spec, spec, workers, workerProperties);
    }

    public PipelineSpec withWorkers(int number) {
        return new PipelineSpec(projectRoot, ledger, reporting, number, workerProperties);
    }

    public PipelineSpec withWorkerProperty(String name, String value) {
        Map<String, String> changed = new HashMap<>(workerProperties);
        changed.put(name, value);
        return new PipelineSpec(projectRoot, ledger, reporting, workers, changed);
    }

    Path config() {
        return projectRoot.resolve("config");
    }
}
