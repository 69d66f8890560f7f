package io.ledgerconnect.source.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.capture.Acknowledgement;
import io.ledgerconnect.source.capture.Capture;
import io.ledgerconnect.source.capture.CaptureProgress;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

class MetricsPublicationTest {
    private final Metrics metrics = new Metrics();
    private final CaptureProgress progress = progress();

    private static CaptureProgress progress() {
        SourceConfig config = new SourceConfig(
                Map.of("topic.prefix", "t", "database.hostname", "h", "database.user", "u", "database.dbname", "d"));
        try (Acknowledgement acknowledgement = new Acknowledgement(null, "t")) {
            LedgerDatabase database = new LedgerDatabase(config.connection(), "t");
            return new Capture(config, database, Optional::empty, acknowledgement, Clock.systemUTC()).progress();
        }
    }

    private record Context(Supplier<PluginMetrics> supplier) implements SourceTaskContext {
        @Override
        public PluginMetrics pluginMetrics() {
            return supplier.get();
        }

        @Override
        public Map<String, String> configs() {
            throw new UnsupportedOperationException();
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            throw new UnsupportedOperationException();
        }
    }

    private Context newWorker() {
        return new Context(() -> new PluginMetricsImpl(metrics, Map.of("connector", "c", "task", "0")));
    }

    private static Context oldWorker() {
        return new Context(() -> {
            throw new NoSuchMethodError("pluginMetrics");
        });
    }

    private List<MetricName> published() {
        return metrics.metrics().keySet().stream()
                .filter(name -> name.group().equals("plugins"))
                .toList();
    }

    @Test
    void aWorkerThatHasPluginMetricsGetsAllAndLosesThemAtTheEnd() {
        MetricsPublication publication = MetricsPublication.open(progress, newWorker(), "c");
        assertThat(published().stream().map(MetricName::name))
                .containsExactlyInAnyOrderElementsOf(
                        SourceMetrics.all().stream().map(Metric::name).toList());
        assertThat(metrics.metrics().values())
                .allSatisfy(metric -> assertThat(metric.metricValue()).isNotNull());
        publication.close();
        publication.close();
        assertThat(published()).isEmpty();
    }

    @Test
    void aTaskThatHasNotEndedDoesNotStandInTheWayOfTheNext() {
        MetricsPublication zombie = MetricsPublication.open(progress, newWorker(), "c");
        MetricsPublication next = MetricsPublication.open(progress, newWorker(), "c");
        assertThat(published()).hasSize(2 * SourceMetrics.all().size());
        zombie.close();
        assertThat(published())
                .hasSameSizeAs(SourceMetrics.all())
                .allSatisfy(name -> assertThat(name.tags()).containsKey("started"));
        next.close();
        assertThat(published()).isEmpty();
    }

    @Test
    void anOlderWorkerGetsAnMBeanWithTheSameNameAndAttributes() throws Exception {
        MetricsPublication publication = MetricsPublication.open(progress, oldWorker(), "older, with a comma");
        var server = java.lang.management.ManagementFactory.getPlatformMBeanServer();
        var name =
                new javax.management.ObjectName("kafka.connect:type=plugins,connector=\"older, with a comma\",task=0");
        assertThat(java.util.Arrays.stream(server.getMBeanInfo(name).getAttributes())
                        .map(attribute -> attribute.getName())
                        .collect(Collectors.toSet()))
                .hasSameSizeAs(SourceMetrics.all());
        assertThat(server.getAttribute(name, "state")).isEqualTo("starting");
        assertThat((Double) server.getAttribute(name, "lag-bytes")).isNaN();
        publication.close();
        publication.close();
        assertThat(server.isRegistered(name)).isFalse();
    }
}
