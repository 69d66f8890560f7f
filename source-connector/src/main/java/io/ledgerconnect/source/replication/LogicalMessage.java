package io.ledgerconnect.source.replication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What {@code pg_logical_emit_message} wrote, as "Logical Replication Message Formats" in PostgreSQL's documentation
 * defines it for protocol version 1.
 */
public record LogicalMessage(String prefix, String content) {
    private static final int FLAGS_AND_LSN_BYTES = 1 + 8;

    /** Reads a message of pgoutput; empty when it is of another kind. */
    public static Optional<LogicalMessage> of(ByteBuffer message) {
        if (message.get(message.position()) != 'M') {
            return Optional.empty();
        }
        message.position(message.position() + 1 + FLAGS_AND_LSN_BYTES);
        int begin = message.position();
        while (message.get() != 0) {
            // to the terminating zero
        }
        String prefix = utf8(message, begin, message.position() - 1 - begin);
        int length = message.getInt();
        return Optional.of(new LogicalMessage(prefix, utf8(message, message.position(), length)));
    }

    private static String utf8(ByteBuffer message, int begin, int length) {
        return new String(message.array(), message.arrayOffset() + begin, length, StandardCharsets.UTF_8);
    }
}
