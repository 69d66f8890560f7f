package io.ledgerconnect.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * What a slot allows a blocking reader of its stream at most: one that counts the messages of inserted rows and throws
 * them away. Used by one thread.
 */
final class BareReader {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String SLOT = "bare";

    private final PaymentsLedger ledger;

    /** Creates the slot: what comes from now on is its backlog. */
    BareReader(PaymentsLedger ledger) throws SQLException {
        this.ledger = ledger;
        ledger.createSlot(SLOT);
    }

    /** Times from the stream's start, until the first row and until the last, and processor time of this side. */
    record Cost(Duration start, Duration time, Duration cpu) {}

    /** Reads that many rows, and has the slot forget them. */
    Cost drain(long rows) throws SQLException {
        long begun = System.nanoTime();
        long cpuBegun = THREADS.getCurrentThreadCpuTime();
        try (Connection connection = ledger.connectForReplication();
                PGReplicationStream stream = ledger.stream(connection.unwrap(PGConnection.class), SLOT)) {
            readRows(stream, 1);
            Duration start = Duration.ofNanos(System.nanoTime() - begun);
            readRows(stream, rows - 1);
            Cost cost = new Cost(
                    start,
                    Duration.ofNanos(System.nanoTime() - begun),
                    Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpuBegun));
            stream.setFlushedLSN(stream.getLastReceiveLSN());
            stream.setAppliedLSN(stream.getLastReceiveLSN());
            stream.forceUpdateStatus();
            return cost;
        }
    }

    private static void readRows(PGReplicationStream stream, long rows) throws SQLException {
        for (long read = 0; read < rows; ) {
            ByteBuffer message = stream.read();
            if (message.get(message.position()) == 'I') {
                read++;
            }
        }
    }
}
