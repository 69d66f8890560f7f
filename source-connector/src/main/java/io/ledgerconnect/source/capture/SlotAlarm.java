package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.replication.SlotHealth;
import io.ledgerconnect.source.replication.SlotHealth.Danger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What to say of a slot, and when: at once when its danger grows, again from time to time while it lasts, and once when
 * it is over. Used by one thread only.
 */
final class SlotAlarm {
    private static final Duration REPEAT = Duration.ofMinutes(5);

    private final String slot;
    private final LongSupplier nanoTime;
    private boolean toldOfIdleLimit;
    private Danger told = Danger.NONE;
    private long toldNanos;

    SlotAlarm(String slot, LongSupplier nanoTime) {
        this.slot = slot;
        this.nanoTime = nanoTime;
    }

    /** @param lagBytes of the capture; NaN when not known */
    Optional<String> warning(SlotHealth health, double lagBytes) {
        Danger danger = health.danger();
        boolean worse = danger.compareTo(told) > 0;
        boolean due = nanoTime.getAsLong() - toldNanos >= REPEAT.toNanos();
        if (danger == Danger.NONE || !(worse || due)) {
            return Optional.empty();
        }
        told = danger;
        toldNanos = nanoTime.getAsLong();
        return Optional.of(sentence(danger, health, lagBytes));
    }

    /** Once: a capture that is stopped cannot warn. */
    Optional<String> idleLimit(SlotHealth health) {
        if (toldOfIdleLimit || health.idleLimit().isEmpty()) {
            return Optional.empty();
        }
        toldOfIdleLimit = true;
        return Optional.of(
                "The server has idle_replication_slot_timeout=" + health.idleLimit()
                        + ": when this connector is stopped for longer, slot " + slot
                        + " is lost, and the capture has to begin anew. Run ALTER SYSTEM SET idle_replication_slot_timeout = 0; SELECT"
                        + " pg_reload_conf(); or choose a time that no stop exceeds. max_slot_wal_keep_size protects the disk better");
    }

    /** Whether a danger that was told of has passed. */
    boolean isOver(SlotHealth health) {
        boolean over = told != Danger.NONE && health.danger() == Danger.NONE;
        told = over ? Danger.NONE : told;
        return over;
    }

    private String sentence(Danger danger, SlotHealth health, double lagBytes) {
        if (danger == Danger.LOST) {
            return "Replication slot " + slot + " is lost: the server has removed WAL that was not captured"
                    + " (max_slot_wal_keep_size). When the stream breaks off it cannot go on: begin anew with a fresh"
                    + " snapshot, as docs/operations.md says";
        }
        String holdsBack = "Replication slot " + slot + " holds back "
                + size(health.retained().orElse(0)) + " of WAL";
        if (danger == Danger.UNLIMITED) {
            return holdsBack + ", usual are " + size(health.usual())
                    + " (max_wal_size), and no max_slot_wal_keep_size limits it: if this goes on, the ledger's disk fills"
                    + " and the ledger stops. " + cause(health, lagBytes)
                    + ". If the capture is to be lost rather than the ledger, run ALTER SYSTEM SET max_slot_wal_keep_size = '"
                    + enough(health) + "'; SELECT pg_reload_conf();";
        }
        return holdsBack + "; "
                + (danger == Danger.PASSED ? "that is more than" : "before long that is more than")
                + " max_slot_wal_keep_size (" + size(health.limit().orElse(0)) + ") allows, and "
                + (danger == Danger.PASSED ? "the next checkpoint may remove" : "then the server removes")
                + " what was not captured, so that the capture has to begin anew. Raise it (ALTER SYSTEM SET"
                + " max_slot_wal_keep_size = '" + enough(health) + "'; SELECT pg_reload_conf();) as far as the disk"
                + " allows. " + cause(health, lagBytes);
    }

    /** Twice the limit, or what is held back: time to mend the cause. */
    private static String enough(SlotHealth health) {
        long most = Math.max(health.limit().orElse(0), health.retained().orElse(0));
        return Math.max(1, Math.round(Math.ceil(2.0 * most / (1L << 30)))) + "GB";
    }

    /** Which of the three that hold WAL back holds most of it. */
    private static String cause(SlotHealth health, double lagBytes) {
        long retained = health.retained().orElse(0);
        long unconfirmed = health.unconfirmed().orElse(0);
        if (unconfirmed < retained / 2) {
            return "What holds it is a transaction of the ledger that has been open for long; SELECT pid, xact_start FROM"
                    + " pg_stat_activity ORDER BY xact_start shows it";
        }
        if (lagBytes >= unconfirmed / 2.0) {
            return "The capture is behind the ledger by " + size((long) lagBytes)
                    + ": look whether the connector is paused, and whether the worker and Kafka keep up";
        }
        return "The changes have been handed to Connect, but no offset has been stored since: look whether the connector is paused,"
                + " whether Kafka takes records, and at the worker's offset.flush.interval.ms";
    }

    private static String size(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30))
                : Math.round(bytes / (double) (1L << 20)) + " MB";
    }
}
