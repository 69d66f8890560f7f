package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.common.type.TypeCodecs;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.TableFilter;
import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.offset.StreamIdentity;
import java.util.zip.CRC32C;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * What applications write into the WAL with {@code pg_logical_emit_message}, as events of a channel of its own: the
 * topic {@code PREFIX.message}, whose schemas are Debezium's. All are in partition 0, so that their order is that of
 * the WAL. Used by one thread only.
 */
final class LogicalMessages {
    /** No table has this name: tables' have a dot. */
    static final String CHANNEL = "message";

    static final int PARTITION = 0;

    /** Notes of this suite's own, which are nobody's events. */
    private static final String OWN = "ledger-connect ";

    private static final int BYTEA = 17;
    private static final Schema KEY = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.MessageKey")
            .version(1)
            .field("prefix", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private final TableFilter prefixes;
    private final String headerPrefix;
    private final TypeCodec content;
    private final Schema block;
    private final Schema value;
    private final CRC32C checksum = new CRC32C();

    LogicalMessages(SourceConfig config, StreamIdentity identity) {
        prefixes = config.messagePrefixes();
        headerPrefix = PositionHeader.prefix(new Channel(identity.source(), identity.stream(), CHANNEL, PARTITION));
        content = bytea(config);
        block = SchemaBuilder.struct()
                .name("io.debezium.connector.postgresql.Message")
                .version(1)
                .field("prefix", Schema.OPTIONAL_STRING_SCHEMA)
                .field("content", content.schema().optional().build())
                .build();
        value = SchemaBuilder.struct()
                .name("io.debezium.connector.postgresql.MessageValue")
                .version(1)
                .field("op", Schema.STRING_SCHEMA)
                .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
                .field("source", EnvelopeSchema.SOURCE)
                .field("transaction", EnvelopeSchema.TRANSACTION)
                .field("message", block)
                .build();
    }

    private static TypeCodec bytea(SourceConfig config) {
        try {
            return TypeCodecs.forColumn(PgType.base(BYTEA, "bytea"), -1, config.representation());
        } catch (UnsupportedTypeException e) {
            throw new IllegalStateException("bytea has a codec", e);
        }
    }

    boolean includes(LogicalMessage message) {
        return !message.prefix().startsWith(OWN) && prefixes.includes(message.prefix());
    }

    String header(long sequence, SourcePosition position, long committedAtMicros, long digest) {
        return PositionHeader.encode(headerPrefix, sequence, position, committedAtMicros, Operation.MESSAGE, digest);
    }

    Struct key(LogicalMessage message) {
        return new Struct(KEY).put("prefix", message.prefix());
    }

    Struct value(LogicalMessage message, Struct source, long nowMillis) {
        return new Struct(value)
                .put("op", Operation.MESSAGE.code())
                .put("ts_ms", nowMillis)
                .put("source", source)
                .put(
                        "message",
                        new Struct(block)
                                .put("prefix", message.prefix())
                                .put(
                                        "content",
                                        content.read(
                                                message.content().duplicate(),
                                                message.content().remaining())));
    }

    /** CRC-32C of the content. */
    long checksum(LogicalMessage message) {
        checksum.reset();
        checksum.update(message.content().duplicate());
        return checksum.getValue();
    }
}
