package io.ledgerconnect.source.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What {@code pg_logical_emit_message} wrote, as "Logical Replication Message Formats" in PostgreSQL's documentation
 * defines it for protocol version 1.
 *
 * @param lsn where it stands in the WAL
 * @param content the application's bytes, which an array backs; to be read through {@link ByteBuffer#duplicate}
 */
public record LogicalMessage(long lsn, String prefix, ByteBuffer content) {
    static final byte TYPE = 'M';

    /** Reads a message of pgoutput; empty when it is of another kind. */
    public static Optional<LogicalMessage> of(ByteBuffer message) {
        if (message.get(message.position()) != TYPE) {
            return Optional.empty();
        }
        message.get();
        return Optional.of(read(message));
    }

    /** Reads what follows the type. */
    static LogicalMessage read(ByteBuffer message) {
        message.get(); // whether it is of a transaction: then it stands between BEGIN and COMMIT
        long lsn = message.getLong();
        String prefix = PgOutputDecoder.string(message);
        byte[] content = new byte[message.getInt()];
        message.get(content);
        return new LogicalMessage(lsn, prefix, ByteBuffer.wrap(content));
    }

    /** The content of one that was written as text. */
    public String text() {
        return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
    }
}
