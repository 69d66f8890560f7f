package io.ledgerconnect.source.metrics;

import io.ledgerconnect.source.capture.CaptureProgress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;

/** Metrics that the worker publishes with its own. Loaded only where it can be. */
final class PluginMetricsGroup implements MetricsPublication.Published {
    private final PluginMetrics metrics;
    private final List<MetricName> added = new ArrayList<>();

    private PluginMetricsGroup(PluginMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Publishes everything, or nothing.
     *
     * @throws LinkageError in a worker that has no plugin metrics
     * @throws NameTakenException when metrics of this name and these tags are there already
     */
    static PluginMetricsGroup open(CaptureProgress progress, SourceTaskContext context, Map<String, String> tags) {
        PluginMetricsGroup group = new PluginMetricsGroup(context.pluginMetrics());
        try {
            SourceMetrics.all().forEach(metric -> group.add(metric, progress, tags));
            return group;
        } catch (IllegalArgumentException e) {
            group.close();
            throw new NameTakenException(e);
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private void add(Metric metric, CaptureProgress progress, Map<String, String> tags) {
        MetricName name = metrics.metricName(metric.name(), metric.description(), new LinkedHashMap<>(tags));
        metrics.addMetric(name, (Gauge<Object>) (config, now) -> metric.value().apply(progress));
        added.add(name);
    }

    @Override
    public void close() {
        added.forEach(metrics::removeMetric);
        added.clear();
    }
}
