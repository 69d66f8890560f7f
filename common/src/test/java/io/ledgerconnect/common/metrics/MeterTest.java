package io.ledgerconnect.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeterTest {
    private long nanos = Duration.ofDays(3).toNanos();
    private final Meter meter = new Meter(() -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void saysHowManyCamePerSecond() {
        for (int i = 0; i < 100; i++) {
            meter.add(7);
            pass(Duration.ofSeconds(1));
        }
        assertThat(meter.total()).isEqualTo(700);
        assertThat(meter.perSecond()).isCloseTo(7, within(0.2));
    }

    @Test
    void takesTheTimeSinceItBeganWhereThatIsLess() {
        meter.add(100);
        pass(Duration.ofSeconds(10));
        assertThat(meter.perSecond()).isCloseTo(10, within(0.001));
    }

    @Test
    void forgetsWhatIsLongAgo() {
        meter.add(100);
        pass(Duration.ofSeconds(61));
        assertThat(meter.perSecond()).isZero();
        pass(Duration.ofDays(1));
        assertThat(meter.perSecond()).isZero();
        assertThat(meter.total()).isEqualTo(100);
    }
}
