package io.ledgerconnect.source.record;

import io.ledgerconnect.common.position.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Counts a transaction's events for {@code provide.transaction.metadata}. Used by one thread only. */
final class TransactionMetadata {
    private static final Schema KEY = SchemaBuilder.struct()
            .name("io.debezium.connector.common.TransactionMetadataKey")
            .version(1)
            .field("id", Schema.STRING_SCHEMA)
            .build();
    private static final Schema COLLECTION = SchemaBuilder.struct()
            .name("event.collection")
            .version(1)
            .field("data_collection", Schema.STRING_SCHEMA)
            .field("event_count", Schema.INT64_SCHEMA)
            .optional()
            .build();
    private static final Schema VALUE = SchemaBuilder.struct()
            .name("io.debezium.connector.common.TransactionMetadataValue")
            .version(1)
            .field("status", Schema.STRING_SCHEMA)
            .field("id", Schema.STRING_SCHEMA)
            .field("event_count", Schema.OPTIONAL_INT64_SCHEMA)
            .field(
                    "data_collections",
                    SchemaBuilder.array(COLLECTION).optional().build())
            .field("ts_ms", Schema.INT64_SCHEMA)
            .build();

    private final Map<String, Long> events = new TreeMap<>();
    private String id;
    private long total;

    boolean isOpen() {
        return id != null;
    }

    void open(Transaction transaction) {
        id = Integer.toUnsignedString(transaction.id()) + ':' + Lsn.format(transaction.commitLsn());
        total = 0;
        events.clear();
    }

    void close() {
        id = null;
    }

    void count(String table) {
        total++;
        events.merge(table, 1L, Long::sum);
    }

    Struct block(String table) {
        return new Struct(EnvelopeSchema.TRANSACTION)
                .put("id", id)
                .put("total_order", total)
                .put("data_collection_order", events.get(table));
    }

    Struct key() {
        return new Struct(KEY).put("id", id);
    }

    Struct begin(Transaction transaction) {
        return value("BEGIN", transaction);
    }

    Struct end(Transaction transaction) {
        List<Struct> collections = new ArrayList<>();
        events.forEach((table, count) -> collections.add(
                new Struct(COLLECTION).put("data_collection", table).put("event_count", count)));
        return value("END", transaction).put("event_count", total).put("data_collections", collections);
    }

    private Struct value(String status, Transaction transaction) {
        return new Struct(VALUE)
                .put("status", status)
                .put("id", id)
                .put("ts_ms", Math.floorDiv(transaction.committedAtMicros(), 1000L));
    }
}
