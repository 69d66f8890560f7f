package io.ledgerconnect.source.capture;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what the creation of a slot waits for, as long as it waits: every transaction that was under way when it began
 * has to end, prepared ones included, and a forgotten one would hold it for ever. Uses the connection until it is
 * closed.
 */
final class SlotWait implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotWait.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private static final String OLDEST = """
            SELECT 'process ' || pid || ' (' || coalesce(nullif(application_name, ''), 'no application name') || '), since '
                   || xact_start, xact_start
            FROM pg_catalog.pg_stat_activity
            WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
            UNION ALL
            SELECT 'prepared transaction ' || pg_catalog.quote_literal(gid) || ', since ' || prepared, prepared
            FROM pg_catalog.pg_prepared_xacts
            ORDER BY 2 LIMIT 1""";

    private final Connection connection;
    private final String slot;
    private final Thread thread;

    private SlotWait(Connection connection, String slot) {
        this.connection = connection;
        this.slot = slot;
        this.thread = new Thread(this::watch, "ledger-slot-wait");
        this.thread.setDaemon(true);
    }

    static SlotWait begin(Connection connection, String slot) {
        SlotWait wait = new SlotWait(connection, slot);
        wait.thread.start();
        return wait;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(INTERVAL.toMillis());
                LOG.warn(
                        "Replication slot {} cannot be created until all transactions that were under way have ended; the"
                                + " oldest now: {}",
                        slot,
                        oldest(connection));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.debug("What a slot waits for cannot be told", e);
        }
    }

    static String oldest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OLDEST)) {
            return row.next() ? row.getString(1) : "none that this role may see";
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
