package io.ledgerconnect.testbed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacerTest {
    private long now = Long.MAX_VALUE - 10;
    private final Pacer pacer = new Pacer(10, () -> now);

    @Test
    void spacesTurnsEvenly() {
        assertThat(pacer.takeTurn()).isZero();
        assertThat(pacer.takeTurn()).isEqualTo(millis(100));
        assertThat(pacer.takeTurn()).isEqualTo(millis(200));
    }

    @Test
    void catchesUpWithAShortDelay() {
        pacer.takeTurn();
        now += millis(500);
        assertThat(pacer.takeTurn()).isEqualTo(millis(-400));
        assertThat(pacer.takeTurn()).isEqualTo(millis(-300));
    }

    @Test
    void doesNotMakeUpForALongOutage() {
        pacer.takeTurn();
        now += TimeUnit.MINUTES.toNanos(5);
        assertThat(pacer.takeTurn()).isEqualTo(millis(-1000));
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
