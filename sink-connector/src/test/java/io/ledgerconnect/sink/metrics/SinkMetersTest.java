package io.ledgerconnect.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.metrics.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SinkMetersTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private long nanos = Duration.ofDays(3).toNanos();
    private final SinkMeters meters =
            new SinkMeters(Clock.fixed(NOW, ZoneOffset.UTC), () -> nanos, (table, counted) -> {});

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private Object value(String name) {
        return SinkMetrics.of(meters).stream()
                .filter(reading -> reading.name().equals(name))
                .map(Reading::value)
                .findFirst()
                .orElseThrow()
                .get();
    }

    @Test
    void whatIsNotKnownYetIsNoHealthyZero() {
        assertThat(value("state")).isEqualTo("starting");
        for (String name : new String[] {
            "lag-seconds",
            "latency-seconds",
            "watermark-lag-seconds",
            "watermark-age-seconds",
            "complete-lag-seconds",
            "quarantined-records",
            "gap",
            "status-age-seconds",
            "last-batch-rows"
        }) {
            assertThat((Double) value(name)).as(name).isNaN();
        }
    }

    @Test
    void anInterruptionCountsOnceHoweverOftenItIsTried() {
        meters.interrupted();
        pass(Duration.ofSeconds(20));
        meters.interrupted();
        assertThat(value("state-code")).isEqualTo(2.0);
        assertThat(value("interruptions-total")).isEqualTo(1.0);
        assertThat(value("retries-total")).isEqualTo(2.0);
        assertThat(value("interrupted-seconds")).isEqualTo(20.0);
        meters.succeeded();
        assertThat(value("state")).isEqualTo("writing");
        assertThat(value("interrupted-seconds")).isEqualTo(0.0);
        meters.interrupted();
        assertThat(value("interruptions-total")).isEqualTo(2.0);
    }

    @Test
    void thePipelinesFiguresAreThoseOfItsStatusAndTellTheirAge() {
        meters.status(new StoreStatus(NOW.minusSeconds(7).getEpochSecond() * 1_000_000, 3, true));
        pass(Duration.ofSeconds(15));
        assertThat(value("complete-lag-seconds")).isEqualTo(7.0);
        assertThat(value("quarantined-records")).isEqualTo(3.0);
        assertThat(value("gap")).isEqualTo(1.0);
        assertThat(value("status-age-seconds")).isEqualTo(15.0);
        meters.status(new StoreStatus(0, 0, false));
        assertThat((Double) value("complete-lag-seconds")).isNaN();
        assertThat(value("gap")).isEqualTo(0.0);
    }

    @Test
    void timeOfCopyIsNoTimeOfMerging() {
        WriteTimes times = meters.begin();
        pass(Duration.ofSeconds(1));
        times.end(WritePhase.LOCK);
        pass(Duration.ofSeconds(5));
        times.endWriting(Duration.ofSeconds(3).toNanos());
        pass(Duration.ofSeconds(1));
        times.end(WritePhase.STATE);
        assertThat(times.nanos(WritePhase.LOCK)).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(times.nanos(WritePhase.COPY)).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(times.nanos(WritePhase.MERGE))
                .isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(times.nanos(WritePhase.COMMIT)).isZero();
        assertThat(times.totalNanos()).isEqualTo(Duration.ofSeconds(7).toNanos());
    }
}
