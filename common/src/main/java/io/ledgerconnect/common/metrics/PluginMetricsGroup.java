package io.ledgerconnect.common.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;

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
     * @param pluginMetrics the worker's
     * @throws NameTakenException when metrics of this name and these tags are there already
     */
    static PluginMetricsGroup open(Object pluginMetrics, Map<String, String> tags, List<Reading> readings) {
        PluginMetricsGroup group = new PluginMetricsGroup((PluginMetrics) pluginMetrics);
        try {
            readings.forEach(reading -> group.add(reading, tags));
            return group;
        } catch (IllegalArgumentException e) {
            group.close();
            throw new NameTakenException(e);
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private void add(Reading reading, Map<String, String> tags) {
        MetricName name = metrics.metricName(reading.name(), reading.description(), new LinkedHashMap<>(tags));
        metrics.addMetric(name, (Gauge<Object>) (config, now) -> reading.value().get());
        added.add(name);
    }

    @Override
    public void close() {
        added.forEach(metrics::removeMetric);
        added.clear();
    }
}
