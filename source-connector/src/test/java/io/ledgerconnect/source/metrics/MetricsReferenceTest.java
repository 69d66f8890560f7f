package io.ledgerconnect.source.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.metrics.MetricsReference;
import io.ledgerconnect.common.metrics.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps the page of metrics equal to the list; with {@code -Dreference.write} it writes the page. */
final class MetricsReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics-source.md");
    private static final String COMMAND = "mvn -pl source-connector -am test -Dtest=MetricsReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write";

    @Test
    void thePageSaysWhatTheMetricsAre() throws IOException {
        if (System.getProperty("reference.write") != null) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/metrics-source.md is stale; write it anew with: %s", COMMAND)
                .isEqualTo(page());
    }

    @Test
    void everyMetricHasANameOfItsOwnAndAMeaning() {
        assertThat(SourceMetrics.of(null)).extracting(Reading::name).doesNotHaveDuplicates();
        assertThat(SourceMetrics.of(null))
                .allSatisfy(metric -> assertThat(metric.name()).matches("[a-z]+(-[a-z]+)*"))
                .allSatisfy(metric -> assertThat(metric.description()).endsWith("."));
    }

    private static String page() {
        return "# Metrics of the source connector\n\n" + introduction()
                + MetricsReference.markdown(SourceMetrics.GROUPS);
    }

    private static String introduction() {
        return """
                Written from the code by a test; do not edit.

                The task's metrics are attributes of one MBean of the worker:

                ```
                kafka.connect:type=plugins,connector=NAME,task=0
                ```

                Workers from 4.1 on publish them as plugin metrics, so that their other reporters (`metric.reporters`) have them
                as well; on older ones the task registers an MBean of the same name and attributes itself. They are there from the
                task's start to its end, also when it fails. Should an earlier task of the connector not have ended, the new one's
                have a further tag, `started`.

                Units stand last in the names: bytes, seconds, percent (0 to 100). A rate is per second. A number that is not
                known is NaN. Texts say what the number beside them (`-code`) says, for people. "Taken" means handed over by the
                capture to Connect, which then converts and sends; `slot-unconfirmed-bytes` counts until offsets are stored.

                The lag cannot be told in transactions: WAL that the ledger has not sent yet says how long it is, not how many
                transactions it has. Those that have been read and wait are counted, as `queue-transactions`.
                """;
    }
}
