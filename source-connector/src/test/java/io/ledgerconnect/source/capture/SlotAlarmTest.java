package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.replication.SlotHealth;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SlotAlarmTest {
    private static final long GB = 1L << 30;

    private long nanos = Duration.ofHours(1).toNanos();
    private final SlotAlarm alarm = new SlotAlarm("ledger", () -> nanos);

    /** Of a slot with a limit of 10 GB. */
    private static SlotHealth health(String status, long retainedGb, long unconfirmedGb) {
        return new SlotHealth(
                status,
                OptionalLong.of(retainedGb * GB),
                OptionalLong.of(unconfirmedGb * GB),
                OptionalLong.of((10 - retainedGb) * GB),
                OptionalLong.of(10 * GB),
                GB,
                "",
                0,
                0);
    }

    /** Of a slot without a limit, on a server with a max_wal_size of 1 GB. */
    private static SlotHealth unlimited(long retainedGb, String idleLimit) {
        return new SlotHealth(
                "extended",
                OptionalLong.of(retainedGb * GB),
                OptionalLong.of(retainedGb * GB),
                OptionalLong.empty(),
                OptionalLong.empty(),
                GB,
                idleLimit,
                0,
                0);
    }

    @Test
    void saysWhatNothingLimitsWhenItIsMuchMoreThanUsual() {
        assertThat(alarm.warning(unlimited(3, ""), 0)).isEmpty();
        assertThat(alarm.warning(unlimited(4, ""), 4.0 * GB))
                .get()
                .asString()
                .contains("holds back 4.0 GB", "usual are 1.0 GB", "disk fills", "paused", "'8GB'");
        assertThat(alarm.warning(unlimited(5, ""), 0)).isEmpty();
        assertThat(alarm.isOver(unlimited(1, ""))).isTrue();
    }

    @Test
    void saysOnceThatAnIdleSlotIsLost() {
        assertThat(alarm.idleLimit(unlimited(1, ""))).isEmpty();
        assertThat(alarm.idleLimit(unlimited(1, "1h"))).get().asString().contains("idle_replication_slot_timeout=1h");
        assertThat(alarm.idleLimit(unlimited(1, "1h"))).isEmpty();
    }

    @Test
    void saysNothingOfAHealthySlot() {
        assertThat(alarm.warning(health("reserved", 7, 7), 0)).isEmpty();
        assertThat(alarm.isOver(health("reserved", 7, 7))).isFalse();
    }

    @Test
    void saysWhatToDoBeforeItIsTooLate() {
        assertThat(alarm.warning(health("extended", 8, 8), 7.0 * GB))
                .get()
                .asString()
                .contains("slot ledger holds back 8.0 GB", "max_slot_wal_keep_size (10.0 GB)", "'20GB'")
                .contains("behind the ledger by 7.0 GB");
    }

    @Test
    void saysWhatHoldsTheWal() {
        assertThat(alarm.warning(health("extended", 8, 1), 0)).get().asString().contains("open for long");
        assertThat(alarm.warning(health("unreserved", 11, 11), 0))
                .get()
                .asString()
                .contains("next checkpoint", "no offset has been stored");
    }

    @Test
    void repeatsItselfOnlyFromTimeToTime() {
        assertThat(alarm.warning(health("extended", 8, 8), 0)).isPresent();
        assertThat(alarm.warning(health("extended", 9, 9), 0)).isEmpty();
        assertThat(alarm.warning(health("unreserved", 11, 11), 0)).as("worse").isPresent();
        assertThat(alarm.warning(health("unreserved", 11, 11), 0)).isEmpty();
        nanos += Duration.ofMinutes(5).toNanos();
        assertThat(alarm.warning(health("unreserved", 11, 11), 0)).isPresent();
        assertThat(alarm.warning(health("lost", 0, 0), 0)).get().asString().contains("begin anew");
    }

    @Test
    void tellsWhenTheDangerIsOver() {
        assertThat(alarm.warning(health("extended", 8, 8), 0)).isPresent();
        assertThat(alarm.isOver(health("reserved", 1, 1))).isTrue();
        assertThat(alarm.isOver(health("reserved", 1, 1))).isFalse();
    }
}
