package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user relies on, read over JMX while a task captures. */
class MetricsTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws Exception {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "INSERT INTO accounts SELECT i, repeat('x', 100) FROM generate_series(1, 5000) i");
        settings = LedgerServer.settings(database);
        settings.put("name", database);
    }

    private static ObjectName name(String connector) {
        try {
            return new ObjectName("kafka.connect:type=plugins,connector=" + connector + ",task=0");
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private Object value(String metric) {
        try {
            return SERVER.getAttribute(name(database), metric);
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private double number(String metric) {
        return (Double) value(metric);
    }

    private void await(String metric, DoublePredicate wanted) {
        Awaitility.await(metric).atMost(20, TimeUnit.SECONDS).until(() -> wanted.test(number(metric)));
    }

    @Test
    void theSnapshotGoesToTheEnd() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            await("queue-fill-percent", fill -> fill > 0);
            assertThat(number("snapshot-progress-percent")).isBetween(0.0, 100.0);
            task.pollUntil(RunningTask::isWatermark);
            await("state-code", code -> code == 2);
            assertThat(value("state")).isEqualTo("streaming");
            assertThat(number("snapshot-progress-percent")).isEqualTo(100);
            assertThat(number("snapshot-rows-total")).isEqualTo(5000);
            assertThat(number("snapshot-row-rate"))
                    .isCloseTo(5000 / number("snapshot-elapsed-seconds"), Percentage.withPercentage(0.1));
            assertThat(number("records-total")).isEqualTo(5001);
            assertThat(number("record-rate")).isPositive();
            assertThat(number("watermark-age-seconds")).isBetween(0.0, 20.0);
        }
    }

    @Test
    void theLagGrowsWhileNobodyPollsAndIsMadeUp() throws Exception {
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            await("lag-bytes", lag -> lag < 100_000);
            String update = "UPDATE accounts SET v = repeat('y', 1000)";
            LedgerServer.execute(database, update, update, update);
            await("lag-bytes", lag -> lag > 5_000_000);
            await("queue-fill-percent", fill -> fill == 100);
            await("lag-seconds", lag -> lag > 2);
            await("slot-retained-bytes", retained -> retained > 5_000_000);
            await("slot-unconfirmed-bytes", retained -> retained > 5_000_000);
            assertThat(number("queue-records")).isGreaterThan(1000);
            double before = number("transactions-total");
            task.pollThroughNow(database);
            assertThat(number("lag-bytes")).isLessThan(100_000);
            // The time follows with the next watermark or two.
            task.pollUntil(any -> number("lag-seconds") < 2);
            assertThat(number("transactions-total")).isGreaterThanOrEqualTo(before + 3);
            assertThat(number("byte-rate")).isPositive();
            assertThat(value("slot-wal-status")).isEqualTo("reserved");
            assertThat(number("slot-wal-status-code")).isZero();
            assertThat(number("slot-safe-wal-bytes")).isNaN();
            assertThat((String) value("captured-lsn")).contains("/");
        }
    }

    @Test
    void nothingStaysBehind() throws Exception {
        RunningTask task = new RunningTask(settings);
        assertThat(SERVER.isRegistered(name(database))).isTrue();
        task.close();
        assertThat(SERVER.isRegistered(name(database))).isFalse();
        settings.put("table.include.list", "public.nothing");
        RunningTask failing = new RunningTask(settings);
        failing.pollUntilFailure();
        failing.close();
        assertThat(SERVER.isRegistered(name(database))).isFalse();
    }

    @Test
    void aTaskThatHasNotEndedKeepsItsOwn() throws Exception {
        settings.put("database.port", "1");
        ObjectName all = new ObjectName("kafka.connect:type=plugins,connector=" + database + ",*");
        try (RunningTask zombie = new RunningTask(settings)) {
            try (RunningTask task = new RunningTask(settings)) {
                assertThat(SERVER.queryNames(all, null)).hasSize(2);
            }
            assertThat(SERVER.queryNames(all, null)).containsExactly(name(database));
        }
        assertThat(SERVER.queryNames(all, null)).isEmpty();
    }
}
