package io.ledgerconnect.source.decode;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the messages of the output plugin pgoutput, protocol version 1, as "Logical Replication Message Formats" in
 * PostgreSQL's documentation defines them. Hands every message to a {@link Listener} at once; keeps nothing but the two
 * row views that it fills again and again. Not thread-safe.
 */
public final class PgOutputDecoder {
    /** µs from 1970 to 2000, where PostgreSQL's timestamps begin. */
    private static final long EPOCH_MICROS_2000 = 946_684_800_000_000L;

    private final Listener listener;
    private final Tuple oldRow = new Tuple();
    private final Tuple newRow = new Tuple();

    /** What a message says. Rows are valid until the method returns. */
    public interface Listener {
        /** {@code commitLsn} is where the transaction's commit record begins; the time is in µs since 1970 UTC. */
        void begin(long commitLsn, long committedAtMicros, int transactionId);

        void relation(Relation relation);

        void insert(int relationOid, Tuple row);

        /** {@code oldRow} is null, or holds the old identity ({@code identityOnly}), or the whole old row. */
        void update(int relationOid, Tuple oldRow, boolean identityOnly, Tuple newRow);

        void delete(int relationOid, Tuple oldRow, boolean identityOnly);

        void truncate(int[] relationOids);

        /** Within a transaction, or between two: then it has nothing to do with either. */
        void message(LogicalMessage message);

        /** {@code endLsn} is the first WAL address after the commit record. */
        void commit(long commitLsn, long endLsn);
    }

    public PgOutputDecoder(Listener listener) {
        this.listener = listener;
    }

    /**
     * Decodes one message.
     *
     * @throws MalformedMessageException when it is cut off or not of protocol version 1
     */
    public void decode(ByteBuffer message) {
        try {
            dispatch(message);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedMessageException("a message of pgoutput is cut off or malformed", e);
        }
    }

    private void dispatch(ByteBuffer message) {
        byte type = message.get();
        switch (type) {
            case 'B' -> begin(message);
            case 'C' -> commit(message);
            case 'R' -> listener.relation(relation(message));
            case 'I' -> insert(message);
            case 'U' -> update(message);
            case 'D' -> delete(message);
            case 'T' -> truncate(message);
            case LogicalMessage.TYPE -> listener.message(LogicalMessage.read(message));
            case 'O', 'Y' -> {} // origin and type: nothing here depends on them
            default -> throw new MalformedMessageException("a message of pgoutput is of unknown type " + type, null);
        }
    }

    private void begin(ByteBuffer message) {
        listener.begin(message.getLong(), message.getLong() + EPOCH_MICROS_2000, message.getInt());
    }

    private void commit(ByteBuffer message) {
        message.get(); // flags, none defined
        listener.commit(message.getLong(), message.getLong());
    }

    private static Relation relation(ByteBuffer message) {
        int oid = message.getInt();
        String schema = string(message);
        String table = string(message);
        char replicaIdentity = (char) message.get();
        int count = message.getShort();
        List<Relation.Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean identity = (message.get() & 1) != 0;
            columns.add(new Relation.Column(identity, string(message), message.getInt(), message.getInt()));
        }
        // The schema pg_catalog is sent as an empty string.
        return new Relation(
                oid, schema.isEmpty() ? "pg_catalog" : schema, table, replicaIdentity, List.copyOf(columns));
    }

    private void insert(ByteBuffer message) {
        int oid = message.getInt();
        message.get(); // 'N'
        newRow.fillFromTupleData(message);
        listener.insert(oid, newRow);
    }

    private void update(ByteBuffer message) {
        int oid = message.getInt();
        byte part = message.get();
        if (part == 'N') {
            newRow.fillFromTupleData(message);
            listener.update(oid, null, false, newRow);
            return;
        }
        oldRow.fillFromTupleData(message);
        message.get(); // 'N'
        newRow.fillFromTupleData(message);
        listener.update(oid, oldRow, part == 'K', newRow);
    }

    private void delete(ByteBuffer message) {
        int oid = message.getInt();
        byte part = message.get();
        oldRow.fillFromTupleData(message);
        listener.delete(oid, oldRow, part == 'K');
    }

    private void truncate(ByteBuffer message) {
        int[] oids = new int[message.getInt()];
        message.get(); // CASCADE, RESTART IDENTITY: the relations are all listed
        for (int i = 0; i < oids.length; i++) {
            oids[i] = message.getInt();
        }
        listener.truncate(oids);
    }

    /** Reads a text up to the zero that ends it. */
    static String string(ByteBuffer message) {
        int begin = message.position();
        while (message.get() != 0) {
            // to the terminating zero
        }
        return new String(
                message.array(), message.arrayOffset() + begin, message.position() - 1 - begin, StandardCharsets.UTF_8);
    }

    /** A message that is not of the protocol. The stream cannot be trusted any further. */
    public static final class MalformedMessageException extends RuntimeException {
        MalformedMessageException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
