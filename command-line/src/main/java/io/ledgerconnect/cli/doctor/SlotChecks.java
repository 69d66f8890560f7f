package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The capture's replication slot, and others that hold the ledger's WAL. */
final class SlotChecks {
    private static final long UNLIMITED = -1;
    /** Without a limit, this many times max_wal_size of held WAL is a problem. */
    private static final int MANY_WAL_SIZES = 4;

    private static final double HALF = 0.5;

    /** {@code invalidation_reason} came with PostgreSQL 17. */
    private static final String SLOTS = """
            SELECT s.slot_name AS name, s.active::text, coalesce(s.wal_status, 'lost') AS wal_status,
                   coalesce(to_jsonb(s) ->> 'invalidation_reason', 'its WAL was removed') AS reason,
                   coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                                 ELSE pg_current_wal_lsn() END, s.restart_lsn), 0)::bigint AS held,
                   coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                                 ELSE pg_current_wal_lsn() END, s.confirmed_flush_lsn), 0)::bigint
                       AS unconfirmed,
                   s.temporary::text
            FROM pg_replication_slots s
            WHERE s.slot_name = coalesce(?, s.slot_name) AND (s.slot_name = ?) IS NOT TRUE
            ORDER BY 1""";

    private static final String LIMITS = """
            SELECT (SELECT setting::bigint * 1048576 FROM pg_settings WHERE name = 'max_wal_size') AS wal_size,
                   (SELECT CASE WHEN setting = '-1' THEN -1 ELSE setting::bigint * 1048576 END
                    FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS most""";

    private final Answers ledger;
    private final Diagnosis diagnosis;

    SlotChecks(Connection connection, Diagnosis diagnosis) {
        this.ledger = new Answers(connection);
        this.diagnosis = diagnosis;
    }

    void look(ConnectorSettings source) throws SQLException {
        if (source.get("snapshot.mode").orElse("").equals("initial_only")) {
            return;
        }
        Map<String, String> limits = ledger.row(LIMITS).orElseThrow();
        String own = source.get("slot.name").orElse("ledger_connect");
        Optional<Map<String, String>> slot = ledger.row(SLOTS, own, null);
        if (slot.isEmpty()) {
            diagnosis.stopped(
                    "slot " + own,
                    "It is not there. Where the source has captured before, everything since its stored offset is lost to"
                            + " it.",
                    "Start the source for the first time, or begin anew: docs/operations.md#beginning-anew");
        } else {
            own(slot.get(), limits);
        }
        for (Map<String, String> other : ledger.rows(SLOTS, null, own)) {
            other(other, limits);
        }
    }

    private void own(Map<String, String> slot, Map<String, String> limits) {
        String subject = "slot " + slot.get("name");
        long held = Long.parseLong(slot.get("held"));
        boolean isActive = slot.get("active").equals("true");
        diagnosis.saw(
                subject,
                (isActive ? "active" : "not active") + ", " + slot.get("wal_status") + ", holds " + size(held)
                        + " of WAL, " + size(Long.parseLong(slot.get("unconfirmed"))) + " not confirmed");
        if (slot.get("wal_status").equals("lost")) {
            diagnosis.stopped(
                    subject,
                    "It is invalid (" + slot.get("reason")
                            + "): changes from its position on cannot be captured any more.",
                    "Begin anew: docs/operations.md#beginning-anew");
            return;
        }
        if (!isActive) {
            diagnosis.problem(
                    subject,
                    "Nobody reads it: nothing is captured, and the ledger keeps all WAL for it.",
                    "See why the source connector does not run. If it is gone for good: SELECT"
                            + " pg_drop_replication_slot('" + slot.get("name") + "');");
        }
        held(subject, slot, limits);
    }

    private void held(String subject, Map<String, String> slot, Map<String, String> limits) {
        long held = Long.parseLong(slot.get("held"));
        long most = Long.parseLong(limits.get("most"));
        long walSize = Long.parseLong(limits.get("wal_size"));
        if (slot.get("wal_status").equals("unreserved")) {
            diagnosis.problem(
                    subject,
                    "The next checkpoint may remove WAL that was not captured: those changes would be lost to the capture.",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '…'; SELECT pg_reload_conf();  -- at once, as large as the"
                            + " disk allows");
        } else if (most == UNLIMITED && held > MANY_WAL_SIZES * walSize) {
            diagnosis.problem(
                    subject,
                    "It holds " + size(held)
                            + " of WAL, and nothing limits it: it can fill the ledger's disk, which stops"
                            + " payments.",
                    "See what keeps the source from reading; ALTER SYSTEM SET max_slot_wal_keep_size = '…';");
        } else if (most != UNLIMITED && held > HALF * most) {
            diagnosis.problem(
                    subject,
                    "It holds " + size(held) + " of WAL; from " + size(most)
                            + " on the server drops it, and with it changes" + " that were not captured.",
                    "See what keeps the source from reading; raise max_slot_wal_keep_size as far as the disk allows.");
        }
        if (most == UNLIMITED) {
            diagnosis.warning(
                    subject,
                    "max_slot_wal_keep_size is not set: a capture that is down for long fills the ledger's disk, which stops"
                            + " payments.",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '…'; SELECT pg_reload_conf();  -- your longest outage, and"
                            + " less than the free disk");
        }
    }

    private void other(Map<String, String> slot, Map<String, String> limits) {
        long held = Long.parseLong(slot.get("held"));
        boolean isIdle =
                slot.get("active").equals("false") && slot.get("temporary").equals("false");
        if (isIdle && !slot.get("wal_status").equals("lost") && held > Long.parseLong(limits.get("wal_size"))) {
            diagnosis.warning(
                    "slot " + slot.get("name"),
                    "It is not the capture's, nobody reads it, and it holds " + size(held)
                            + " of WAL on the ledger's disk.",
                    "SELECT pg_drop_replication_slot('" + slot.get("name") + "');  -- if nobody needs it");
        }
    }

    static String size(long bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        double number = bytes;
        int unit = 0;
        while (number >= 1024 && unit < units.length - 1) {
            number /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", number, units[unit]);
    }
}
