package io.ledgerconnect.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.metrics.MetricsReference;
import io.ledgerconnect.common.metrics.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the page of metrics equal to the list; with {@code -Dreference.write} it writes the page. */
final class MetricsReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics-sink.md");
    private static final String COMMAND = "mvn -pl sink-connector -am test -Dtest=MetricsReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write";

    @Test
    void thePageSaysWhatTheMetricsAre() throws IOException {
        if (System.getProperty("reference.write") != null) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/metrics-sink.md is stale; write it anew with: %s", COMMAND)
                .isEqualTo(page());
    }

    @Test
    void everyMetricHasANameOfItsOwnAndAMeaning() {
        List<Reading> all = Stream.concat(
                        SinkMetrics.of((SinkMeters) null).stream(), SinkMetrics.of((TableMeters) null).stream())
                .toList();
        assertThat(all).extracting(Reading::name).doesNotHaveDuplicates();
        assertThat(all)
                .allSatisfy(metric -> assertThat(metric.name()).matches("[a-z]+(-[a-z]+)*"))
                .allSatisfy(metric -> assertThat(metric.description()).endsWith("."));
    }

    private static String page() {
        return "# Metrics of the sink connector\n\n" + introduction() + MetricsReference.markdown(SinkMetrics.GROUPS)
                + MetricsReference.markdown(List.of(SinkMetrics.OF_TABLES));
    }

    private static String introduction() {
        return """
                Written from the code by a test; do not edit.

                Each task's metrics are attributes of one MBean of the worker, and of a further one for each reporting table
                that it has written:

                ```
                kafka.connect:type=plugins,connector=NAME,task=0
                kafka.connect:type=plugins,connector=NAME,task=0,table=reporting.transfers
                ```

                Workers from 4.1 on publish them as plugin metrics, so that their other reporters (`metric.reporters`) have them
                as well; on older ones the task registers MBeans of the same names and attributes itself. They are there from the
                task's start to its end, also when it fails. Should an earlier task of that number not have ended, the new one's
                have a further tag, `started`.

                Units stand last in the names: seconds, percent (0 to 100). A rate is per second. A number that is not known is
                NaN. Texts say what the number beside them (`-code`) says, for people. A task counts what it has done itself;
                those of "The pipeline" say what is in the reporting store, whoever wrote it, so every task says the same.
                Ages and lags compare the ledger's clock with the worker's: keep both in time.
                """;
    }
}
