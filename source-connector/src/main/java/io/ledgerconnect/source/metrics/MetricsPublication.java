package io.ledgerconnect.source.metrics;

import io.ledgerconnect.source.capture.CaptureProgress;
import java.util.Map;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the metrics of a capture visible until it is closed: as plugin metrics where the worker has them (4.1 and
 * newer), and as an MBean of the same name otherwise. A capture goes on without metrics rather than fail for them.
 */
public final class MetricsPublication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPublication.class);

    /** Published in one of the two ways. */
    interface Published {
        /** Removes the metrics; a second time it does nothing. */
        void close();
    }

    private final Published published;

    private MetricsPublication(Published published) {
        this.published = published;
    }

    /**
     * Publishes them until the result is closed.
     *
     * @param connector the name by which the worker knows the connector
     */
    public static MetricsPublication open(CaptureProgress progress, SourceTaskContext context, String connector) {
        try {
            return new MetricsPublication(publish(progress, context, connector, Map.of()));
        } catch (NameTakenException e) {
            LOG.warn(
                    "Metrics of connector {} have a further tag, `started`, because an earlier task of it has not ended",
                    connector);
            LOG.debug("The name is taken", e);
            return openBeside(progress, context, connector);
        } catch (RuntimeException e) {
            return none(connector, e);
        }
    }

    private static MetricsPublication openBeside(
            CaptureProgress progress, SourceTaskContext context, String connector) {
        try {
            Map<String, String> tags = Map.of("started", Long.toString(System.currentTimeMillis()));
            return new MetricsPublication(publish(progress, context, connector, tags));
        } catch (RuntimeException e) {
            return none(connector, e);
        }
    }

    private static MetricsPublication none(String connector, RuntimeException cause) {
        LOG.warn("Metrics of connector {} cannot be published; the capture goes on without them", connector, cause);
        return new MetricsPublication(() -> {});
    }

    private static Published publish(
            CaptureProgress progress, SourceTaskContext context, String connector, Map<String, String> tags) {
        try {
            return PluginMetricsGroup.open(progress, context, tags);
        } catch (LinkageError | UnsupportedOperationException e) {
            // A worker from before 4.1, or a host that has no metrics.
            return MetricsBean.register(progress, connector, tags);
        }
    }

    @Override
    public void close() {
        try {
            published.close();
        } catch (RuntimeException e) {
            LOG.warn("Metrics could not be removed", e);
        }
    }
}
