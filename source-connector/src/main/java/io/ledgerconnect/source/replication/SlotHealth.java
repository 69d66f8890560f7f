package io.ledgerconnect.source.replication;

import io.ledgerconnect.common.position.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much WAL the server keeps for a slot and how much more it will keep, in bytes. Empty is what the server does not
 * say: without a limit, or because the slot holds nothing any more.
 *
 * @param walStatus as in {@code pg_replication_slots}
 * @param retained all that the slot holds back, also for transactions that are still under way
 * @param unconfirmed what was written since the position that is confirmed to the slot
 * @param safe what may still be written before the server gives the slot up; negative when it may do so at any time
 * @param limit {@code max_slot_wal_keep_size}
 * @param usual {@code max_wal_size}, which the server keeps its WAL within when nothing holds it back
 * @param idleLimit {@code idle_replication_slot_timeout} as it is shown, of PostgreSQL 18; empty for none
 * @param walLsn where the server's WAL ended
 * @param serverMicros when that was, µs since 1970 by the server's clock
 */
public record SlotHealth(
        String walStatus,
        OptionalLong retained,
        OptionalLong unconfirmed,
        OptionalLong safe,
        OptionalLong limit,
        long usual,
        String idleLimit,
        long walLsn,
        long serverMicros) {

    private static final String QUERY = """
            SELECT coalesce(wal_status, ''), (w.lsn - restart_lsn)::bigint, (w.lsn - confirmed_flush_lsn)::bigint,
                   safe_wal_size,
                   nullif(pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_slot_wal_keep_size')), -1),
                   pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_wal_size')),
                   coalesce(nullif(pg_catalog.current_setting('idle_replication_slot_timeout', true), '0'), ''),
                   w.lsn::text, (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint
            FROM pg_catalog.pg_replication_slots, (SELECT pg_catalog.pg_current_wal_flush_lsn() AS lsn) w
            WHERE slot_name = ?""";

    /** What of the limit may be used up before somebody should know. */
    private static final double WARNING_SHARE = 0.75;

    /** Without a limit: how many times the usual WAL may be held back before somebody should know. */
    private static final int WARNING_MULTIPLE = 4;

    /** How near the server is to giving the slot up; the worst last. */
    public enum Danger {
        NONE,
        /** Much is held back, and nothing limits it but the disk. */
        UNLIMITED,
        /** Most of what the server keeps for a slot is used up. */
        NEAR,
        /** The limit is passed; the next checkpoint may remove what the slot needs. */
        PASSED,
        /** It has been removed. */
        LOST
    }

    /** Empty when there is no such slot. */
    public static Optional<SlotHealth> find(Connection connection, String slot) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(of(row)) : Optional.empty();
            }
        }
    }

    private static SlotHealth of(ResultSet row) throws SQLException {
        return new SlotHealth(
                row.getString(1),
                number(row, 2),
                number(row, 3),
                number(row, 4),
                number(row, 5),
                row.getLong(6),
                row.getString(7),
                Lsn.parse(row.getString(8)),
                row.getLong(9));
    }

    private static OptionalLong number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
    }

    public Danger danger() {
        return switch (walStatus) {
            case "lost" -> Danger.LOST;
            case "unreserved" -> Danger.PASSED;
            default -> withinLimit();
        };
    }

    private Danger withinLimit() {
        if (limit.isEmpty()) {
            return retained.orElse(0) >= WARNING_MULTIPLE * usual ? Danger.UNLIMITED : Danger.NONE;
        }
        return isNearLimit() ? Danger.NEAR : Danger.NONE;
    }

    private boolean isNearLimit() {
        double warning = limit.getAsLong() * WARNING_SHARE;
        return retained.orElse(0) >= warning || (safe.isPresent() && safe.getAsLong() <= limit.getAsLong() - warning);
    }
}
