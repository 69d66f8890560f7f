package io.ledgerconnect.sink;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** A capture of the ledger by Debezium's PostgreSQL connector: what a record of it says, without a header. */
final class FakeDebezium {
    private static final Schema SOURCE = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Source")
            .field("version", Schema.STRING_SCHEMA)
            .field("connector", Schema.STRING_SCHEMA)
            .field("name", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .field("db", Schema.STRING_SCHEMA)
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .build();
    private static final Map<Schema, Schema> ENVELOPES = new HashMap<>();

    private final Topics topics;
    private final String connector;
    private String lastCommit;
    private String sequence;
    int partition;

    FakeDebezium(Topics topics) {
        this(topics, "postgresql");
    }

    FakeDebezium(Topics topics, String connector) {
        this.topics = topics;
        this.connector = connector;
    }

    /** The following changes are of a transaction after one that was committed there. */
    FakeDebezium after(long commitLsn) {
        lastCommit = '"' + Long.toUnsignedString(commitLsn) + '"';
        return this;
    }

    /** The following changes say this instead of where they stand. */
    FakeDebezium withSequence(String text) {
        sequence = text;
        return this;
    }

    SinkRecord read(long lsn, long id, long amount) {
        return send("r", lsn, FakeSource.key(id), null, row(id, amount));
    }

    SinkRecord insert(long lsn, long id, long amount) {
        return send("c", lsn, FakeSource.key(id), null, row(id, amount));
    }

    SinkRecord update(long lsn, long id, long amount) {
        return send("u", lsn, FakeSource.key(id), null, row(id, amount));
    }

    SinkRecord delete(long lsn, long id) {
        SinkRecord delete = send("d", lsn, FakeSource.key(id), FakeSource.row(id, null, null), null);
        topics.append(delete.topic(), partition, FakeSource.KEY, FakeSource.key(id), null, null, List.of());
        return delete;
    }

    static Struct row(long id, long amount) {
        return FakeSource.row(id, amount, "note " + id);
    }

    SinkRecord send(String operation, long lsn, Struct key, Struct before, Struct after) {
        return send("transfers", operation, lsn, key, before, after);
    }

    SinkRecord send(String table, String operation, Long lsn, Struct key, Struct before, Struct after) {
        Schema row = after != null ? after.schema() : before != null ? before.schema() : FakeSource.ROW;
        Schema schema = ENVELOPES.computeIfAbsent(
                row,
                of -> SchemaBuilder.struct()
                        .name("ledger.public.Envelope")
                        .field("before", of)
                        .field("after", of)
                        .field("source", SOURCE)
                        .field("op", Schema.STRING_SCHEMA)
                        .build());
        Struct source = new Struct(SOURCE)
                .put("version", "3.6.0.Final")
                .put("connector", connector)
                .put("name", "ledger")
                .put("ts_ms", FakeSource.COMMITTED_AT / 1000)
                .put("snapshot", operation.equals("r") ? "true" : "false")
                .put("db", "ledger")
                .put("sequence", sequence != null ? sequence : "[" + lastCommit + ",\"" + lsn + "\"]")
                .put("schema", "public")
                .put("table", table)
                .put("txId", 7L)
                .put("lsn", lsn);
        Struct value = new Struct(schema)
                .put("before", before)
                .put("after", after)
                .put("source", source)
                .put("op", operation);
        return topics.append(
                FakeSource.topic(table), partition, key == null ? null : key.schema(), key, schema, value, List.of());
    }
}
