package io.ledgerconnect.source.replication;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * The changes of one slot as pgoutput messages. Used by one thread only.
 *
 * <p>The driver must not acknowledge anything by itself: {@link #acknowledge} alone moves the slot.
 */
public final class ReplicationStream implements AutoCloseable {
    /** Well below any sensible {@code wal_sender_timeout}; 60 s is its default. */
    private static final int STATUS_INTERVAL_SECONDS = 1;

    private final Connection connection;
    private final PGReplicationStream stream;

    private ReplicationStream(Connection connection, PGReplicationStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /**
     * Starts streaming transactions whose commit record is at {@code lsn} or after it, and logical messages; 0 is where
     * the slot stands. Owns the connection from here on.
     *
     * @throws SQLException 55006 when the slot is in use
     */
    public static ReplicationStream start(Connection connection, String slot, String publication, long lsn)
            throws SQLException {
        try {
            return new ReplicationStream(
                    connection, options(connection, slot, publication, lsn).start());
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static ChainedLogicalStreamBuilder options(Connection connection, String slot, String publication, long lsn)
            throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withStartPosition(LogSequenceNumber.valueOf(lsn))
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", quoteIdentifier(publication))
                .withSlotOption("binary", true)
                .withSlotOption("messages", true)
                .withStatusInterval(STATUS_INTERVAL_SECONDS, TimeUnit.SECONDS)
                .withAutomaticFlush(false);
    }

    private static String quoteIdentifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The next message, or null when none has arrived; waits about a millisecond at most. */
    public ByteBuffer readPending() throws SQLException {
        return stream.readPending();
    }

    /**
     * Where the server stood when it sent what was read last: a message's own WAL address, or, when a keepalive came
     * after it, the address through which the server has nothing more to send.
     */
    public long lastReceivedLsn() {
        return stream.getLastReceiveLSN().asLong();
    }

    /** Lets the server discard WAL before {@code lsn} and tells it so at once. */
    public void acknowledge(long lsn) throws SQLException {
        LogSequenceNumber position = LogSequenceNumber.valueOf(lsn);
        stream.setFlushedLSN(position);
        stream.setAppliedLSN(position);
        stream.forceUpdateStatus();
    }

    /** Tells the server that the reader is alive although it does not read. */
    public void keepAlive() throws SQLException {
        stream.forceUpdateStatus();
    }

    @Override
    public void close() throws SQLException {
        // Closing the stream would first read everything that the server still sends; closing the connection does not.
        connection.close();
    }
}
