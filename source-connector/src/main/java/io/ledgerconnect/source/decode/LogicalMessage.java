package io.ledgerconnect.source.decode;

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
        String prefix = PgOutputDecoder.string(message);
        byte[] content = new byte[message.getInt()];
        message.get(content);
        return Optional.of(new LogicalMessage(prefix, new String(content, StandardCharsets.UTF_8)));
    }
}
