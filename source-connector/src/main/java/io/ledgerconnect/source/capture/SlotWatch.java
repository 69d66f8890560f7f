package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.replication.SlotHealth;
import io.ledgerconnect.source.replication.StandbySlots;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server at intervals how the slot stands, and warns while there is time. Used by the capturing thread only.
 */
final class SlotWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SlotWatch.class);

    /** The query takes less than a millisecond of the capture's time, and WAL grows by little in this time. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final String slot;
    private final CaptureProgress progress;
    private final SlotAlarm alarm;
    private final StandbyAlarm standbyAlarm;
    private long askedNanos = System.nanoTime() - INTERVAL.toNanos();

    /** @param failover whether standbys are to keep copies of the slot */
    SlotWatch(String slot, boolean failover, CaptureProgress progress) {
        this.slot = slot;
        this.progress = progress;
        this.alarm = new SlotAlarm(slot, System::nanoTime);
        this.standbyAlarm = new StandbyAlarm(slot, failover, System::nanoTime);
    }

    /** Asks, if it is time. Cheap otherwise. */
    void look(Connection connection) {
        long now = System.nanoTime();
        if (now - askedNanos < INTERVAL.toNanos()) {
            return;
        }
        askedNanos = now;
        try {
            Optional<SlotHealth> health = SlotHealth.find(connection, slot);
            progress.slot(health);
            health.ifPresent(this::tell);
            StandbySlots.find(connection, slot).ifPresent(this::tell);
        } catch (SQLException e) {
            // What streaming needs of this connection it asks itself. The age of the slot's metrics tells of the gap.
            LOG.debug("How slot {} stands cannot be told now", slot, e);
        }
    }

    private void tell(SlotHealth health) {
        alarm.idleLimit(health).ifPresent(LOG::warn);
        alarm.warning(health, progress.lagBytes()).ifPresent(LOG::warn);
        if (alarm.isOver(health)) {
            LOG.info("Replication slot {} holds back little WAL again", slot);
        }
    }

    private void tell(StandbySlots standbys) {
        standbyAlarm.warnings(standbys).forEach(LOG::warn);
        if (standbyAlarm.isOver(standbys)) {
            LOG.info("Replication slot {} sends changes again: no standby is waited for any more", slot);
        }
    }
}
