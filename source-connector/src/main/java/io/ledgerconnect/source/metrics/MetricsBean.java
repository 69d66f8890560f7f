package io.ledgerconnect.source.metrics;

import io.ledgerconnect.source.capture.CaptureProgress;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Metrics as the attributes of one MBean, with the name and the attributes that newer workers give to plugin metrics:
 * an upgrade of the worker changes no dashboard. Thread-safe.
 */
final class MetricsBean implements DynamicMBean {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private final CaptureProgress progress;
    private final Map<String, Metric> metrics =
            SourceMetrics.all().stream().collect(Collectors.toMap(Metric::name, metric -> metric));

    private MetricsBean(CaptureProgress progress) {
        this.progress = progress;
    }

    /** @throws NameTakenException when metrics of this name and these tags are there already */
    static MetricsPublication.Published register(CaptureProgress progress, String connector, Map<String, String> tags) {
        try {
            ObjectName name = name(connector, tags);
            SERVER.registerMBean(new MetricsBean(progress), name);
            return () -> unregister(name);
        } catch (InstanceAlreadyExistsException e) {
            throw new NameTakenException(e);
        } catch (JMException e) {
            throw new IllegalStateException("MBean server: " + e.getMessage(), e);
        }
    }

    /** The connector has one task, whose number is 0. */
    static ObjectName name(String connector, Map<String, String> tags) throws JMException {
        StringBuilder name = new StringBuilder("kafka.connect:type=plugins,connector=" + quoted(connector) + ",task=0");
        new TreeMap<>(tags)
                .forEach(
                        (tag, value) -> name.append(',').append(tag).append('=').append(value));
        return new ObjectName(name.toString());
    }

    /** Kafka quotes where it must, and only there. */
    private static String quoted(String value) {
        return value.matches("[\\w-%. \t]*") ? value : ObjectName.quote(value);
    }

    private static void unregister(ObjectName name) {
        try {
            SERVER.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            // It was closed before.
            return;
        } catch (JMException e) {
            throw new IllegalStateException("MBean server: " + e.getMessage(), e);
        }
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Metric metric = metrics.get(name);
        if (metric == null) {
            throw new AttributeNotFoundException("There is no metric " + name);
        }
        return metric.value().apply(progress);
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList values = new AttributeList();
        for (String name : names) {
            Metric metric = metrics.get(name);
            if (metric != null) {
                values.add(new Attribute(name, metric.value().apply(progress)));
            }
        }
        return values;
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanAttributeInfo[] attributes = SourceMetrics.all().stream()
                .map(metric -> new MBeanAttributeInfo(
                        metric.name(), metric.type().getName(), metric.description(), true, false, false))
                .toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(
                MetricsBean.class.getName(), "Metrics of a source connector's task", attributes, null, null, null);
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("Metrics cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String action, Object[] arguments, String[] signature) {
        throw new UnsupportedOperationException("Metrics have no operations");
    }
}
