package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.position.ChangeDigest;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.offset.SourceOffset;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

/** Makes source records. Used by one thread only. */
final class RecordFactory {
    private final Map<String, String> sourcePartition;
    private final String topicPrefix;
    private final SourceBlock source;
    private final boolean tellsDigests;
    private final Clock clock;

    /** @param tellsDigests whether records arrive as they are made, so that their digests can be compared */
    RecordFactory(String topicPrefix, String database, boolean tellsDigests, Clock clock) {
        this.tellsDigests = tellsDigests;
        this.sourcePartition = SourceOffset.partition(topicPrefix);
        this.topicPrefix = topicPrefix;
        this.source = new SourceBlock(topicPrefix, database);
        this.clock = clock;
    }

    /** By the worker's clock, µs since 1970 UTC. */
    long nowMicros() {
        return clock.millis() * 1000;
    }

    /** What a record's header says of its digest. */
    long told(long digest) {
        return tellsDigests ? digest : ChangeDigest.NONE;
    }

    SourceRecord change(
            TableMapping mapping,
            Transaction transaction,
            Change change,
            Struct key,
            Struct before,
            Struct after,
            Struct transactionBlock,
            SourceOffset offset) {
        Struct envelope = mapping.envelope.envelope(
                before,
                after,
                source.of(mapping, transaction, change),
                transactionBlock,
                change.operation().code(),
                clock.instant());
        return sourceRecord(mapping, change, key, mapping.envelope.schema, envelope, offset);
    }

    SourceRecord tombstone(TableMapping mapping, Change change, Struct key, SourceOffset offset) {
        return sourceRecord(mapping, change, key, null, null, offset);
    }

    private SourceRecord sourceRecord(
            TableMapping mapping, Change change, Struct key, Schema valueSchema, Object value, SourceOffset offset) {
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString(PositionHeader.NAME, change.header());
        if (change.absentColumns() != null) {
            headers.addString(EnvelopeFields.ABSENT_HEADER, change.absentColumns());
        }
        // No timestamp: the producer's clock decides retention, not the age of a backlog.
        return new SourceRecord(
                sourcePartition,
                offset,
                mapping.topic,
                change.partition(),
                key == null ? null : mapping.keySchema, // a truncation has no key, and null does not fit the schema
                key,
                valueSchema,
                value,
                null,
                headers);
    }

    SourceRecord message(
            LogicalMessages messages,
            LogicalMessage message,
            Transaction transaction,
            String header,
            SourceOffset offset) {
        Struct key = messages.key(message);
        Struct value = messages.value(message, source.of(transaction, message.lsn()), clock.millis());
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString(PositionHeader.NAME, header);
        return new SourceRecord(
                sourcePartition,
                offset,
                topicPrefix + '.' + LogicalMessages.CHANNEL,
                LogicalMessages.PARTITION,
                key.schema(),
                key,
                value.schema(),
                value,
                null,
                headers);
    }

    SourceRecord watermark(Watermark watermark, SourceOffset offset) {
        return new SourceRecord(
                sourcePartition,
                offset,
                topicPrefix + Watermark.TOPIC_SUFFIX,
                0,
                Schema.STRING_SCHEMA,
                watermark.source() + '/' + watermark.stream(),
                Watermark.SCHEMA,
                watermark.toStruct());
    }

    SourceRecord transactionEvent(Struct key, Struct value, SourceOffset offset) {
        return new SourceRecord(
                sourcePartition, offset, topicPrefix + ".transaction", 0, key.schema(), key, value.schema(), value);
    }
}
