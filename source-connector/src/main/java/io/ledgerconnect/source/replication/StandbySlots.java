package io.ledgerconnect.source.replication;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which standbys have to have a change before a failover slot sends it ({@code synchronized_standby_slots}, of
 * PostgreSQL 17). Names are divided by commas; empty is none.
 *
 * @param failover whether standbys keep copies of the slot; never on older servers
 * @param named what the setting says
 * @param lacking those of them that the server waits for in vain, each with the reason in brackets
 * @param physical the slots that there are for standbys
 */
public record StandbySlots(boolean failover, String named, String lacking, String physical) {
    /** A standby that is away but has everything is not waited for. Older servers have neither column nor setting. */
    private static final String QUERY = """
            WITH named AS (
              SELECT pg_catalog.btrim(part, ' "') AS name
              FROM pg_catalog.string_to_table(pg_catalog.current_setting('synchronized_standby_slots', true), ',') part),
            waiting AS (
              SELECT name, CASE WHEN p.slot_name IS NULL THEN 'no such slot'
                                WHEN p.slot_type <> 'physical' THEN 'no physical slot'
                                WHEN p.wal_status = 'lost' THEN 'its WAL is gone'
                                WHEN NOT p.active AND coalesce(p.restart_lsn < pg_catalog.pg_current_wal_flush_lsn(), true)
                                THEN 'not connected' END AS why
              FROM named LEFT JOIN pg_catalog.pg_replication_slots p ON p.slot_name = name)
            SELECT coalesce((pg_catalog.to_jsonb(s) ->> 'failover')::boolean, false),
                   coalesce(pg_catalog.current_setting('synchronized_standby_slots', true), ''),
                   (SELECT coalesce(pg_catalog.string_agg(name || ' (' || why || ')', ', ' ORDER BY name), '')
                    FROM waiting WHERE why IS NOT NULL),
                   (SELECT coalesce(pg_catalog.string_agg(slot_name, ', ' ORDER BY slot_name), '')
                    FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary)
            FROM pg_catalog.pg_replication_slots s WHERE slot_name = ?""";

    /** Empty when there is no such slot. */
    public static Optional<StandbySlots> find(Connection connection, String slot) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new StandbySlots(
                                row.getBoolean(1), row.getString(2), row.getString(3), row.getString(4)))
                        : Optional.empty();
            }
        }
    }
}
