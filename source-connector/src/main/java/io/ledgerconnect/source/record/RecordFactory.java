package io.ledgerconnect.source.record;

import io.ledgerconnect.common.Version;
import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.watermark.Watermark;
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
    private final String database;
    private final Clock clock;

    private Struct lastSource;
    private TableMapping lastMapping;
    private long lastLsn;
    private Transaction lastTransaction;

    RecordFactory(String topicPrefix, String database, Clock clock) {
        this.sourcePartition = SourceOffset.partition(topicPrefix);
        this.topicPrefix = topicPrefix;
        this.database = database;
        this.clock = clock;
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
                source(mapping, transaction, change),
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

    /** Rows of one statement often share a WAL address; then they share this block as well. */
    private Struct source(TableMapping mapping, Transaction transaction, Change change) {
        if (lastSource == null
                || lastMapping != mapping
                || lastLsn != change.changeLsn()
                || !transaction.equals(lastTransaction)) {
            lastSource = newSource(mapping, transaction, change);
            lastMapping = mapping;
            lastLsn = change.changeLsn();
            lastTransaction = transaction;
        }
        return lastSource;
    }

    private Struct newSource(TableMapping mapping, Transaction transaction, Change change) {
        boolean snapshot = change.operation() == Operation.READ;
        return new Struct(EnvelopeSchema.SOURCE)
                .put(SourceField.VERSION, Version.VERSION)
                .put(SourceField.CONNECTOR, "postgresql")
                .put(SourceField.NAME, topicPrefix)
                .put(SourceField.TS_MS, Math.floorDiv(transaction.committedAtMicros(), 1000L))
                .put(SourceField.SNAPSHOT, snapshot ? "true" : "false")
                .put(SourceField.DB, database)
                .put(SourceField.TS_US, transaction.committedAtMicros())
                .put(SourceField.TS_NS, transaction.committedAtMicros() * 1000)
                .put(SourceField.SCHEMA, mapping.tableSchema)
                .put(SourceField.TABLE, mapping.tableName)
                .put(SourceField.TX_ID, snapshot ? null : Integer.toUnsignedLong(transaction.id()))
                .put(SourceField.LSN, change.changeLsn());
    }

    /** The fields of {@link EnvelopeSchema#SOURCE}, looked up once. */
    private static final class SourceField {
        static final org.apache.kafka.connect.data.Field VERSION = EnvelopeSchema.SOURCE.field("version");
        static final org.apache.kafka.connect.data.Field CONNECTOR = EnvelopeSchema.SOURCE.field("connector");
        static final org.apache.kafka.connect.data.Field NAME = EnvelopeSchema.SOURCE.field("name");
        static final org.apache.kafka.connect.data.Field TS_MS = EnvelopeSchema.SOURCE.field("ts_ms");
        static final org.apache.kafka.connect.data.Field SNAPSHOT = EnvelopeSchema.SOURCE.field("snapshot");
        static final org.apache.kafka.connect.data.Field DB = EnvelopeSchema.SOURCE.field("db");
        static final org.apache.kafka.connect.data.Field TS_US = EnvelopeSchema.SOURCE.field("ts_us");
        static final org.apache.kafka.connect.data.Field TS_NS = EnvelopeSchema.SOURCE.field("ts_ns");
        static final org.apache.kafka.connect.data.Field SCHEMA = EnvelopeSchema.SOURCE.field("schema");
        static final org.apache.kafka.connect.data.Field TABLE = EnvelopeSchema.SOURCE.field("table");
        static final org.apache.kafka.connect.data.Field TX_ID = EnvelopeSchema.SOURCE.field("txId");
        static final org.apache.kafka.connect.data.Field LSN = EnvelopeSchema.SOURCE.field("lsn");
    }
}
