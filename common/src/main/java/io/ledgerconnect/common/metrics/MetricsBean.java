package io.ledgerconnect.common.metrics;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final Map<String, Reading> readings = new LinkedHashMap<>();

    private MetricsBean(List<Reading> readings) {
        readings.forEach(reading -> this.readings.put(reading.name(), reading));
    }

    /** @throws NameTakenException when metrics of this name and these tags are there already */
    static MetricsPublication.Published register(TaskName task, Map<String, String> tags, List<Reading> readings) {
        try {
            ObjectName name = name(task, tags);
            SERVER.registerMBean(new MetricsBean(readings), name);
            return () -> unregister(name);
        } catch (InstanceAlreadyExistsException e) {
            throw new NameTakenException(e);
        } catch (JMException e) {
            throw new IllegalStateException("MBean server: " + e.getMessage(), e);
        }
    }

    static ObjectName name(TaskName task, Map<String, String> tags) throws JMException {
        StringBuilder name = new StringBuilder(
                "kafka.connect:type=plugins,connector=" + quoted(task.connector()) + ",task=" + task.number());
        new TreeMap<>(tags)
                .forEach(
                        (tag, value) -> name.append(',').append(tag).append('=').append(quoted(value)));
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
        Reading reading = readings.get(name);
        if (reading == null) {
            throw new AttributeNotFoundException("There is no metric " + name);
        }
        return reading.value().get();
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList values = new AttributeList();
        for (String name : names) {
            Reading reading = readings.get(name);
            if (reading != null) {
                values.add(new Attribute(name, reading.value().get()));
            }
        }
        return values;
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanAttributeInfo[] attributes = readings.values().stream()
                .map(reading -> new MBeanAttributeInfo(
                        reading.name(), reading.type().getName(), reading.description(), true, false, false))
                .toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(
                MetricsBean.class.getName(), "Metrics of a connector's task", attributes, null, null, null);
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
