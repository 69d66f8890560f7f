package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.replication.ReplicationStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restart point at the end of a snapshot, kept in the ledger's WAL until Connect has stored one.
 *
 * <p>Connect stores offsets once a minute by default. A worker that is killed before has sent a whole snapshot, and
 * changes after it, that nobody remembers: a snapshot read anew would leap over those of the changes that it had not
 * sent. So the note is written as soon as Kafka has the snapshot, before any change is sent, and looked for where a
 * capture begins with a slot and without an offset. The slot holds the WAL that has it: until an offset is stored,
 * nothing is acknowledged.
 */
final class SnapshotNote {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotNote.class);

    private static final String EMIT = "SELECT pg_catalog.pg_logical_emit_message(true, ?, ?::text)";
    private static final String NOTHING = "";
    private static final long IDLE_PAUSE_NANOS = 1_000_000;

    private SnapshotNote() {}

    /** Writes the restart point. */
    static void write(Connection control, SourceConfig config, SourceOffset offset) throws SQLException {
        emit(control, config, offset.encode());
    }

    /** Where it cannot be written, a worker that is killed too soon begins anew. */
    static void warnOfUnwritten(SourceConfig config, SQLException failure) {
        LOG.warn(
                "How far the snapshot of {} was sent cannot be noted in the ledger's WAL: {} (SQLSTATE {}). If this"
                        + " worker is killed before it has stored an offset, the capture begins anew with a fresh"
                        + " snapshot. Grant role {} EXECUTE on function pg_logical_emit_message",
                config.topicPrefix(),
                failure.getMessage(),
                failure.getSQLState(),
                config.connection().user());
    }

    /** Makes what was written void: the next capture begins with a fresh snapshot. */
    static void erase(Connection control, SourceConfig config) throws SQLException {
        emit(control, config, NOTHING);
    }

    private static void emit(Connection control, SourceConfig config, String content) throws SQLException {
        try (PreparedStatement statement = control.prepareStatement(EMIT)) {
            statement.setString(1, prefix(config));
            statement.setString(2, content);
            statement.execute();
        }
    }

    /** Several slots of one ledger have each other's notes in their WAL. */
    private static String prefix(SourceConfig config) {
        return "ledger-connect snapshot " + config.topicPrefix() + ' ' + config.slotName();
    }

    /**
     * The furthest note between where the slot stands and {@code endLsn}, of those that none made void: a worker that
     * was thought dead may write one that is behind. What nobody can read is passed over: anyone may write a message.
     *
     * @param stream of the slot's messages, from where it stands
     * @param stopped whether to end without an answer
     * @throws InterruptedException when stopped
     */
    static Optional<SourceOffset> find(
            ReplicationStream stream, SourceConfig config, long endLsn, BooleanSupplier stopped)
            throws SQLException, InterruptedException {
        Found found = new Found(config);
        while (!stopped.getAsBoolean()) {
            ByteBuffer message = stream.readPending();
            if (message != null) {
                LogicalMessage.of(message)
                        .filter(logical -> logical.prefix().equals(prefix(config)))
                        .ifPresent(found::take);
            } else if (Long.compareUnsigned(stream.lastReceivedLsn(), endLsn) >= 0) {
                return found.furthest;
            } else {
                LockSupport.parkNanos(IDLE_PAUSE_NANOS);
            }
        }
        throw new InterruptedException();
    }

    private static final class Found {
        private final SourceConfig config;
        private Optional<SourceOffset> furthest = Optional.empty();
        private boolean warned;

        Found(SourceConfig config) {
            this.config = config;
        }

        void take(LogicalMessage note) {
            String text = note.text();
            try {
                // Of two at one place the later counts: it knows up to where rows were left to their changes.
                furthest = text.equals(NOTHING)
                        ? Optional.empty()
                        : SnapshotResumption.further(Optional.of(SourceOffset.decode(text)), furthest);
            } catch (IllegalArgumentException e) {
                warn(note.lsn());
            }
        }

        private void warn(long lsn) {
            if (!warned) {
                warned = true;
                LOG.warn(
                        "The logical message at {} in the ledger's WAL has the prefix '{}', under which this capture notes"
                                + " its snapshots, but is no such note. It is passed over, like others that may follow: the"
                                + " capture goes on from the furthest note that can be read, or from the stored offset",
                        Lsn.format(lsn),
                        prefix(config));
            }
        }
    }
}
