package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.replication.StandbySlots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What to say of the standbys of a capture's slot, and when: once what keeps a failover from losing nothing, and from
 * time to time which of them the slot waits for. Used by one thread only.
 */
final class StandbyAlarm {
    private static final Duration REPEAT = Duration.ofMinutes(5);

    private final String slot;
    private final boolean wanted;
    private final LongSupplier nanoTime;
    private boolean toldOfSettings;
    /** Whether the slot waited at the look before; a standby may be away for a moment. */
    private boolean waited;

    private boolean toldOfWaiting;
    private long toldNanos;

    /** @param wanted whether standbys are to keep copies of the slot */
    StandbyAlarm(String slot, boolean wanted, LongSupplier nanoTime) {
        this.slot = slot;
        this.wanted = wanted;
        this.nanoTime = nanoTime;
    }

    /** In whole sentences; mostly none. */
    List<String> warnings(StandbySlots standbys) {
        List<String> warnings = new ArrayList<>();
        if (!toldOfSettings) {
            toldOfSettings = true;
            ofSettings(standbys, warnings);
        }
        boolean waits = waits(standbys);
        boolean due = !toldOfWaiting || nanoTime.getAsLong() - toldNanos >= REPEAT.toNanos();
        if (waits && waited && due) {
            toldOfWaiting = true;
            toldNanos = nanoTime.getAsLong();
            warnings.add(waiting(standbys));
        }
        waited = waits;
        return warnings;
    }

    /** Whether a wait that was told of is over. */
    boolean isOver(StandbySlots standbys) {
        boolean over = toldOfWaiting && !waits(standbys);
        toldOfWaiting &= !over;
        return over;
    }

    private static boolean waits(StandbySlots standbys) {
        return standbys.failover() && !standbys.lacking().isEmpty();
    }

    private void ofSettings(StandbySlots standbys, List<String> warnings) {
        if (wanted && !standbys.failover()) {
            warnings.add("slot.failover=true, but replication slot " + slot
                    + " is no failover slot: it was created without, or copied. A failover loses it, and what was not yet"
                    + " captured with it. PUT /connectors/NAME/stop, run ALTER_REPLICATION_SLOT \"" + slot
                    + "\" (FAILOVER true) in psql 'dbname=… replication=database', and PUT /connectors/NAME/resume");
        }
        if (standbys.failover() && standbys.named().isEmpty()) {
            warnings.add("Standbys keep copies of replication slot " + slot
                    + ", but synchronized_standby_slots is empty, so the capture may be ahead of them. A standby that is"
                    + " promoted then lacks what was captured; the capture stops and has to begin anew. Run ALTER SYSTEM SET"
                    + " synchronized_standby_slots = '"
                    + (standbys.physical().isEmpty() ? "…" : standbys.physical())
                    + "'; SELECT pg_reload_conf(); with the physical slots of those standbys that may be promoted");
        }
    }

    private String waiting(StandbySlots standbys) {
        return "Replication slot " + slot
                + " sends no changes until all standbys named in synchronized_standby_slots have them, and it waits for "
                + standbys.lacking()
                + ". Nothing is lost, but nothing arrives, and the ledger keeps its WAL meanwhile. Start the standby, or take"
                + " it out: ALTER SYSTEM SET synchronized_standby_slots = '…'; SELECT pg_reload_conf();";
    }
}
