package io.ledgerconnect.source.replication;

import io.ledgerconnect.common.position.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A replication slot as {@code pg_replication_slots} shows it.
 *
 * @param plugin its output plugin; null when the slot is physical
 * @param twoPhase whether it sends prepared transactions at PREPARE, not at COMMIT
 * @param confirmedFlushLsn what the server will not send again; 0 when not set
 * @param lost whether the server has removed WAL that the slot needs
 * @param lostBy why, as {@code invalidation_reason} says from PostgreSQL 17 on; else empty
 * @param activePid the process that streams from it, or 0
 * @param activeApplication that process's application name, if visible
 */
public record Slot(
        String name,
        String plugin,
        String database,
        boolean twoPhase,
        long confirmedFlushLsn,
        boolean lost,
        String lostBy,
        int activePid,
        String activeApplication) {

    private static final int RELEASE_LOOKS = 200;
    private static final long RELEASE_PAUSE_NANOS = 10_000_000;

    private static final String QUERY = """
            SELECT s.plugin, s.database, s.confirmed_flush_lsn::text, s.wal_status = 'lost',
                   coalesce(s.active_pid, 0), coalesce(a.application_name, ''), s.two_phase,
                   coalesce(pg_catalog.to_jsonb(s) ->> 'invalidation_reason', '')
            FROM pg_catalog.pg_replication_slots s LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
            WHERE s.slot_name = ?""";

    public static Optional<Slot> find(Connection connection, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String confirmed = row.getString(3);
                return Optional.of(new Slot(
                        name,
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(7),
                        confirmed == null ? 0 : Lsn.parse(confirmed),
                        row.getBoolean(4),
                        row.getString(8),
                        row.getInt(5),
                        row.getString(6)));
            }
        }
    }

    /** Creates the capture's slot over a replication connection. {@code failover} needs PostgreSQL 17. */
    public static void create(Connection replication, String name, boolean failover) throws SQLException {
        try (Statement statement = replication.createStatement()) {
            statement.execute("CREATE_REPLICATION_SLOT \"" + name + "\" LOGICAL pgoutput "
                    + (failover ? "(SNAPSHOT 'nothing', FAILOVER true)" : "NOEXPORT_SNAPSHOT"));
        }
    }

    /** A state of the database, and the WAL address from which on a stream has everything that is not in it. */
    public record ExportedSnapshot(String name, long consistentLsn) {}

    /**
     * Exports a snapshot by a temporary slot. The slot goes with the connection; the snapshot can be imported until
     * then, or until the connection's next command.
     */
    public static ExportedSnapshot exportSnapshot(Connection replication, String temporaryName) throws SQLException {
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("CREATE_REPLICATION_SLOT \"" + temporaryName
                        + "\" TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT")) {
            row.next();
            return new ExportedSnapshot(row.getString("snapshot_name"), Lsn.parse(row.getString("consistent_point")));
        }
    }

    /** A name for the slot that exports a snapshot; an attempt that is still dying does not hold it. */
    public static String temporaryName(String slot) {
        String suffix = "_snapshot_" + Long.toString(System.nanoTime() & 0xFFFFFFFFL, 36);
        return slot.substring(0, Math.min(slot.length(), 63 - suffix.length())) + suffix;
    }

    /** Waits until the server has let go of a slot whose reader was closed, for a few seconds at most. */
    public static void awaitFree(Connection connection, String name) throws SQLException {
        for (int i = 0;
                i < RELEASE_LOOKS && find(connection, name).map(Slot::activePid).orElse(0) != 0;
                i++) {
            LockSupport.parkNanos(RELEASE_PAUSE_NANOS);
        }
    }

    /** Drops a slot once nobody reads it; it need not be there. */
    public static void drop(Connection connection, String name) throws SQLException {
        awaitFree(connection, name);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots"
                        + " WHERE slot_name = ?")) {
            statement.setString(1, name);
            statement.execute();
        }
    }
}
