package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.replication.StandbySlots;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandbyAlarmTest {
    private static final StandbySlots READY = new StandbySlots(true, "one", "", "one");
    private static final StandbySlots WAITING = new StandbySlots(true, "one", "one (not connected)", "one");

    private long nanos = Duration.ofHours(1).toNanos();
    private final StandbyAlarm alarm = new StandbyAlarm("ledger", true, () -> nanos);

    @Test
    void saysNothingOfStandbysThatAreReady() {
        assertThat(alarm.warnings(READY)).isEmpty();
        assertThat(alarm.isOver(READY)).isFalse();
    }

    @Test
    void saysOnceWhatIsSetWrong() {
        StandbySlots unnamed = new StandbySlots(true, "", "", "one, two");
        assertThat(alarm.warnings(unnamed)).singleElement().asString().contains("slots = 'one, two';");
        assertThat(alarm.warnings(unnamed)).isEmpty();
    }

    @Test
    void saysNothingOfASlotThatIsNotMeantForStandbys() {
        StandbyAlarm other = new StandbyAlarm("ledger", false, () -> nanos);
        assertThat(other.warnings(new StandbySlots(false, "one", "one (not connected)", "one")))
                .isEmpty();
    }

    @Test
    void givesAStandbyAMomentAndRepeatsItselfFromTimeToTime() {
        assertThat(alarm.warnings(WAITING)).isEmpty();
        assertThat(alarm.warnings(WAITING)).singleElement().asString().contains("waits for one (not connected)");
        assertThat(alarm.warnings(WAITING)).isEmpty();
        nanos += Duration.ofMinutes(5).toNanos();
        assertThat(alarm.warnings(WAITING)).hasSize(1);
    }

    @Test
    void tellsWhenTheWaitIsOver() {
        alarm.warnings(WAITING);
        assertThat(alarm.isOver(READY)).as("nothing was told").isFalse();
        alarm.warnings(WAITING);
        alarm.warnings(WAITING);
        assertThat(alarm.isOver(WAITING)).isFalse();
        assertThat(alarm.isOver(READY)).isTrue();
        assertThat(alarm.isOver(READY)).isFalse();
    }
}
