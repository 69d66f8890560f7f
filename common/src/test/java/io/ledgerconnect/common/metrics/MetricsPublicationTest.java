package io.ledgerconnect.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.Test;

class MetricsPublicationTest {
    private static final TaskName TASK = new TaskName("c", 3);
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private final Metrics metrics = new Metrics();
    private final StringBuilder thing = new StringBuilder("abc");
    private final List<Reading> readings = MetricGroup.readings(
            List.of(new MetricGroup<StringBuilder>(
                    "Group",
                    List.of(
                            Metric.number("length", "How long it is.", StringBuilder::length),
                            Metric.text("content", "What it is.", StringBuilder::toString)))),
            thing);

    private Object newWorker() {
        return new PluginMetricsImpl(metrics, Map.of("connector", "c", "task", "3"));
    }

    private static Object oldWorker() {
        throw new NoSuchMethodError("pluginMetrics");
    }

    private List<MetricName> published() {
        return metrics.metrics().keySet().stream()
                .filter(name -> name.group().equals("plugins"))
                .toList();
    }

    @Test
    void aWorkerThatHasPluginMetricsGetsAllAndLosesThemAtTheEnd() {
        MetricsPublication publication = MetricsPublication.open(TASK, this::newWorker, readings);
        publication.add(Map.of("table", "a.b"), readings);
        assertThat(published().stream().map(MetricName::name))
                .containsExactlyInAnyOrder("length", "content", "length", "content");
        thing.append('d');
        assertThat(metrics.metrics().entrySet())
                .filteredOn(entry -> entry.getKey().name().equals("length"))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.getValue().metricValue()).isEqualTo(4.0));
        publication.close();
        publication.close();
        assertThat(published()).isEmpty();
    }

    @Test
    void aTaskThatHasNotEndedDoesNotStandInTheWayOfTheNext() {
        MetricsPublication zombie = MetricsPublication.open(TASK, this::newWorker, readings);
        MetricsPublication next = MetricsPublication.open(TASK, this::newWorker, readings);
        zombie.add(Map.of("table", "t"), readings);
        next.add(Map.of("table", "t"), readings);
        assertThat(published()).hasSize(8);
        zombie.close();
        assertThat(published())
                .hasSize(4)
                .allSatisfy(name -> assertThat(name.tags()).containsKey("started"));
        next.close();
        assertThat(published()).isEmpty();
    }

    @Test
    void anOlderWorkerGetsMBeansWithTheSameNamesAndAttributes() throws Exception {
        TaskName task = new TaskName("older, with a comma", 3);
        MetricsPublication publication = MetricsPublication.open(task, MetricsPublicationTest::oldWorker, readings);
        publication.add(Map.of("table", "s.\"T\""), readings);
        ObjectName name = new ObjectName("kafka.connect:type=plugins,connector=\"older, with a comma\",task=3");
        ObjectName part = new ObjectName(name + ",table=" + ObjectName.quote("s.\"T\""));
        assertThat(Arrays.stream(SERVER.getMBeanInfo(name).getAttributes()).map(MBeanAttributeInfo::getName))
                .containsExactly("length", "content");
        assertThat(SERVER.getAttribute(name, "content")).isEqualTo("abc");
        assertThat(SERVER.getAttribute(part, "length")).isEqualTo(3.0);
        publication.close();
        publication.close();
        assertThat(SERVER.isRegistered(name)).isFalse();
        assertThat(SERVER.isRegistered(part)).isFalse();
    }

    @Test
    void aWorkerThatRefusesMetricsDoesNotFailTheTask() {
        assertThatCode(() -> MetricsPublication.open(
                                TASK,
                                () -> {
                                    throw new IllegalStateException("no");
                                },
                                readings)
                        .close())
                .doesNotThrowAnyException();
    }

    @Test
    void nothingIsPublishedAnyMoreOnceItIsClosed() {
        MetricsPublication publication = MetricsPublication.open(TASK, this::newWorker, readings);
        publication.close();
        publication.add(Map.of("table", "late"), readings);
        assertThat(published()).isEmpty();
    }
}
