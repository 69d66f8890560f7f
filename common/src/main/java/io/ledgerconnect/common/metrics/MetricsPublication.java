package io.ledgerconnect.common.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the metrics of a task visible until it is closed: as plugin metrics where the worker has them (4.1 and newer),
 * and as an MBean of the same name otherwise. A task goes on without metrics rather than fail for them. Thread-safe.
 */
public final class MetricsPublication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPublication.class);

    /** Published in one of the two ways. */
    interface Published {
        /** Removes the metrics; a second time it does nothing. */
        void close();
    }

    private final TaskName task;
    private final Supplier<Object> pluginMetrics;
    private final List<Published> published = new ArrayList<>();
    private Map<String, String> tags = Map.of();
    private boolean open = true;

    private MetricsPublication(TaskName task, Supplier<Object> pluginMetrics) {
        this.task = task;
        this.pluginMetrics = pluginMetrics;
    }

    /**
     * Publishes them until the result is closed.
     *
     * @param pluginMetrics asks the context for the worker's. It has to be a lambda that calls the context: a method
     *     reference, or another result than Object, would be resolved outside of this method, and fail the task in a
     *     worker that lacks it.
     */
    public static MetricsPublication open(TaskName task, Supplier<Object> pluginMetrics, List<Reading> readings) {
        MetricsPublication publication = new MetricsPublication(task, pluginMetrics);
        try {
            publication.publish(Map.of(), readings);
        } catch (NameTakenException e) {
            LOG.warn(
                    "Metrics of connector {} have a further tag, `started`, because an earlier task of it has not ended",
                    task.connector());
            LOG.debug("The name is taken", e);
            publication.tags = Map.of("started", Long.toString(System.currentTimeMillis()));
            publication.add(Map.of(), readings);
        } catch (RuntimeException e) {
            publication.warn(e);
        }
        return publication;
    }

    /** Publishes further metrics, of a part of the task, which the tags name. */
    public synchronized void add(Map<String, String> part, List<Reading> readings) {
        try {
            if (open) {
                publish(part, readings);
            }
        } catch (RuntimeException e) {
            warn(e);
        }
    }

    private void warn(RuntimeException cause) {
        LOG.warn("Metrics of {} cannot be published; it goes on without them", task, cause);
    }

    private synchronized void publish(Map<String, String> part, List<Reading> readings) {
        Map<String, String> all = new HashMap<>(tags);
        all.putAll(part);
        published.add(published(all, readings));
    }

    private Published published(Map<String, String> all, List<Reading> readings) {
        try {
            return PluginMetricsGroup.open(pluginMetrics.get(), all, readings);
        } catch (LinkageError | UnsupportedOperationException e) {
            // A worker from before 4.1, or a host that has no metrics.
            return MetricsBean.register(task, all, readings);
        }
    }

    @Override
    public synchronized void close() {
        open = false;
        for (Published metrics : published) {
            try {
                metrics.close();
            } catch (RuntimeException e) {
                LOG.warn("Metrics of {} could not be removed", task, e);
            }
        }
    }
}
