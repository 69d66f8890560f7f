package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import java.time.Instant;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** The envelope of one table's records, with its fields looked up once. Immutable. */
final class EnvelopeSchema {
    /** Of these values "true" and "false" occur: a snapshot's rows come by several threads, in no order. */
    private static final Schema SNAPSHOT = SchemaBuilder.string()
            .name("io.debezium.data.Enum")
            .version(1)
            .parameter("allowed", "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental")
            .optional()
            .defaultValue("false")
            .build();

    static final Schema SOURCE = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Source")
            .version(1)
            .field("version", Schema.STRING_SCHEMA)
            .field("connector", Schema.STRING_SCHEMA)
            .field("name", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("snapshot", SNAPSHOT)
            .field("db", Schema.STRING_SCHEMA)
            .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA)
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .build();
    static final Schema TRANSACTION = SchemaBuilder.struct()
            .name("event.block")
            .version(1)
            .field("id", Schema.STRING_SCHEMA)
            .field("total_order", Schema.INT64_SCHEMA)
            .field("data_collection_order", Schema.INT64_SCHEMA)
            .optional()
            .build();

    final Schema schema;
    private final Field before;
    private final Field after;
    private final Field source;
    private final Field operation;
    private final Field millis;
    private final Field micros;
    private final Field nanos;
    private final Field transaction;

    EnvelopeSchema(String topic, Schema optionalValue) {
        schema = SchemaBuilder.struct()
                .name(topic + EnvelopeFields.SCHEMA_SUFFIX)
                .version(2)
                .field(EnvelopeFields.BEFORE, optionalValue)
                .field(EnvelopeFields.AFTER, optionalValue)
                .field(EnvelopeFields.SOURCE, SOURCE)
                .field(EnvelopeFields.TRANSACTION, TRANSACTION)
                .field(EnvelopeFields.OPERATION, Schema.STRING_SCHEMA)
                .field(EnvelopeFields.TIMESTAMP_MILLIS, Schema.OPTIONAL_INT64_SCHEMA)
                .field(EnvelopeFields.TIMESTAMP_MICROS, Schema.OPTIONAL_INT64_SCHEMA)
                .field(EnvelopeFields.TIMESTAMP_NANOS, Schema.OPTIONAL_INT64_SCHEMA)
                .build();
        before = schema.field(EnvelopeFields.BEFORE);
        after = schema.field(EnvelopeFields.AFTER);
        source = schema.field(EnvelopeFields.SOURCE);
        operation = schema.field(EnvelopeFields.OPERATION);
        millis = schema.field(EnvelopeFields.TIMESTAMP_MILLIS);
        micros = schema.field(EnvelopeFields.TIMESTAMP_MICROS);
        nanos = schema.field(EnvelopeFields.TIMESTAMP_NANOS);
        transaction = schema.field(EnvelopeFields.TRANSACTION);
    }

    Struct envelope(
            Struct rowBefore, Struct rowAfter, Struct sourceBlock, Struct transactionBlock, String code, Instant now) {
        Struct envelope = new Struct(schema);
        envelope.put(before, rowBefore);
        envelope.put(after, rowAfter);
        envelope.put(source, sourceBlock);
        envelope.put(operation, code);
        long nowNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        envelope.put(millis, Math.floorDiv(nowNanos, 1_000_000L));
        envelope.put(micros, Math.floorDiv(nowNanos, 1000L));
        envelope.put(nanos, nowNanos);
        envelope.put(transaction, transactionBlock);
        return envelope;
    }
}
