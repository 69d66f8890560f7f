package io.ledgerconnect.source.record;

import io.ledgerconnect.common.Version;
import io.ledgerconnect.common.envelope.Operation;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * Makes the envelope's field {@code source}. What is the same for a whole transaction is made once for it. Used by one
 * thread only.
 */
final class SourceBlock {
    private static final Field VERSION = EnvelopeSchema.SOURCE.field("version");
    private static final Field CONNECTOR = EnvelopeSchema.SOURCE.field("connector");
    private static final Field NAME = EnvelopeSchema.SOURCE.field("name");
    private static final Field TS_MS = EnvelopeSchema.SOURCE.field("ts_ms");
    private static final Field SNAPSHOT = EnvelopeSchema.SOURCE.field("snapshot");
    private static final Field DB = EnvelopeSchema.SOURCE.field("db");
    private static final Field TS_US = EnvelopeSchema.SOURCE.field("ts_us");
    private static final Field TS_NS = EnvelopeSchema.SOURCE.field("ts_ns");
    private static final Field SCHEMA = EnvelopeSchema.SOURCE.field("schema");
    private static final Field TABLE = EnvelopeSchema.SOURCE.field("table");
    private static final Field TX_ID = EnvelopeSchema.SOURCE.field("txId");
    private static final Field LSN = EnvelopeSchema.SOURCE.field("lsn");

    private final String topicPrefix;
    private final String database;

    private Transaction transaction;
    private Long millis;
    private Long micros;
    private Long nanos;
    private Long transactionId;

    private Struct last;
    private TableMapping lastMapping;
    private long lastLsn;

    SourceBlock(String topicPrefix, String database) {
        this.topicPrefix = topicPrefix;
        this.database = database;
    }

    /** Rows of one statement often share a WAL address; then they share the block as well. */
    Struct of(TableMapping mapping, Transaction of, Change change) {
        if (!of.equals(transaction)) {
            begin(of);
        }
        if (last == null || lastMapping != mapping || lastLsn != change.changeLsn()) {
            last = block(mapping.tableSchema, mapping.tableName, snapshot(change), change.changeLsn());
            lastMapping = mapping;
            lastLsn = change.changeLsn();
        }
        return last;
    }

    /** Rows that were asked for while the stream goes on are in a transaction of it. */
    private String snapshot(Change change) {
        if (change.operation() != Operation.READ) {
            return "false";
        }
        return transactionId == null ? "true" : "incremental";
    }

    /** Of something that is no change of a table. */
    Struct of(Transaction of, long lsn) {
        begin(of);
        return block("", "", "false", lsn);
    }

    private void begin(Transaction begun) {
        transaction = begun;
        micros = begun.committedAtMicros();
        millis = Math.floorDiv(micros, 1000L);
        nanos = micros * 1000;
        transactionId = begun.id() == Transaction.NONE ? null : Integer.toUnsignedLong(begun.id());
        last = null;
    }

    private Struct block(String schema, String table, String snapshot, long lsn) {
        return new Struct(EnvelopeSchema.SOURCE)
                .put(VERSION, Version.VERSION)
                .put(CONNECTOR, "postgresql")
                .put(NAME, topicPrefix)
                .put(TS_MS, millis)
                .put(SNAPSHOT, snapshot)
                .put(DB, database)
                .put(TS_US, micros)
                .put(TS_NS, nanos)
                .put(SCHEMA, schema)
                .put(TABLE, table)
                .put(TX_ID, transactionId)
                .put(LSN, lsn);
    }
}
