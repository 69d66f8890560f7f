package io.ledgerconnect.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * What the server allows a sink at most: batches of payments, encoded beforehand, by COPY into a temporary table and
 * from there by one upsert, by hand. Used by one thread.
 */
final class CopyAndMerge {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String NAMES = "id, account_id, amount, currency, status, created_at, reference";
    private static final int BATCH_ROWS = 5000;

    private final Connection ledger;
    private final Connection reporting;

    CopyAndMerge(Connection ledger, Connection reporting) {
        this.ledger = ledger;
        this.reporting = reporting;
    }

    /** Time and processor time of this side, without the encoding. */
    record Cost(Duration time, Duration cpu) {}

    /** Writes all payments into a new table. */
    Cost write(String schema, long rows) throws SQLException, IOException {
        String table = schema + ".payments";
        execute("CREATE SCHEMA " + schema);
        execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY, " + PaymentsLedger.COLUMNS + ")");
        execute("CREATE TEMPORARY TABLE stage_" + schema + " (id bigint, " + PaymentsLedger.COLUMNS
                + ") ON COMMIT DELETE ROWS");
        String copy = "COPY pg_temp.stage_" + schema + " FROM STDIN (FORMAT binary)";
        String merge = "INSERT INTO " + table + " AS t (" + NAMES + ") SELECT " + NAMES + " FROM pg_temp.stage_"
                + schema + " ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, amount = excluded.amount,"
                + " currency = excluded.currency, status = excluded.status, created_at = excluded.created_at,"
                + " reference = excluded.reference";
        long nanos = 0;
        long cpuNanos = 0;
        for (long from = 1; from <= rows; from += BATCH_ROWS) {
            byte[] batch = encoded(from, Math.min(rows, from + BATCH_ROWS - 1));
            long begun = System.nanoTime();
            long cpuBegun = THREADS.getCurrentThreadCpuTime();
            write(batch, copy, merge);
            cpuNanos += THREADS.getCurrentThreadCpuTime() - cpuBegun;
            nanos += System.nanoTime() - begun;
        }
        return new Cost(Duration.ofNanos(nanos), Duration.ofNanos(cpuNanos));
    }

    private void write(byte[] batch, String copy, String merge) throws SQLException {
        reporting.setAutoCommit(false);
        CopyIn in = copies(reporting).copyIn(copy);
        in.writeToCopy(batch, 0, batch.length);
        in.endCopy();
        try (Statement statement = reporting.createStatement()) {
            statement.execute(merge);
        }
        reporting.commit();
        reporting.setAutoCommit(true);
    }

    /** Encoded by the ledger, header and trailer too. */
    private byte[] encoded(long from, long through) throws SQLException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(BATCH_ROWS * 128);
        copies(ledger)
                .copyOut(
                        "COPY (SELECT " + NAMES + " FROM payments WHERE id BETWEEN " + from + " AND " + through
                                + " ORDER BY id) TO STDOUT (FORMAT binary)",
                        bytes);
        return bytes.toByteArray();
    }

    private static CopyManager copies(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = reporting.createStatement()) {
            statement.execute(sql);
        }
    }
}
