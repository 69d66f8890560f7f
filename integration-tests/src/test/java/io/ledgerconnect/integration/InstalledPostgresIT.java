package io.ledgerconnect.integration;

import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.pipeline.PipelineSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the oldest PostgreSQL that a package of the system has installed. */
@EnabledIf(value = "isInstalled", disabledReason = "No PostgreSQL is installed here")
final class InstalledPostgresIT {
    private static SharedPipeline.Bench bench;

    static boolean isInstalled() {
        return !PostgresSpec.installed().isEmpty();
    }

    @BeforeAll
    static void start() {
        List<Path> installed = PostgresSpec.installed();
        bench = SharedPipeline.Bench.open(
                PipelineSpec.defaults().withPostgres(PostgresSpec.defaults().withBinaries(installed.get(0))));
    }

    @AfterAll
    static void end() {
        bench.close();
    }

    @Test
    void everyPaymentArrivesOnceAndWhole() throws Exception {
        PaymentFlow.carriesPayments(bench.pipeline());
    }

    @Test
    void everyTypeArrivesAsItIs() throws Exception {
        PaymentFlow.carriesEveryType(bench.pipeline());
    }
}
