package io.ledgerconnect.sink;

import io.ledgerconnect.common.envelope.AbsentColumns;
import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.ChangeDigest;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.common.watermark.Watermark.ChannelEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** A capture of the ledger, which sends what a source connector sends. */
final class FakeSource {
    static final SourceId LEDGER = new SourceId("7345678901234567890", "ledger");
    static final long COMMITTED_AT = 1_790_000_000_000_000L;
    static final Schema KEY =
            SchemaBuilder.struct().name("key").field("id", Schema.INT64_SCHEMA).build();
    static final Schema ROW = SchemaBuilder.struct()
            .name("row")
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("amount", Schema.OPTIONAL_INT64_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    /** One instance per row schema, as converters hand them out. */
    private static final Map<Schema, Schema> ENVELOPES = new HashMap<>();

    private final Topics topics;
    private final SourceId ledger;
    private final String stream;
    private final long startLsn;
    private final boolean snapshot;
    private final Map<Channel, Long> sequences = new HashMap<>();
    private final Map<String, Long> ordinals = new HashMap<>();
    private final List<ChannelEnd> earlier = new ArrayList<>();
    private long lsn;

    FakeSource(Topics topics, String slot, long startLsn, boolean snapshot) {
        this(topics, LEDGER, slot, startLsn, snapshot);
    }

    FakeSource(Topics topics, SourceId ledger, String slot, long startLsn, boolean snapshot) {
        this.topics = topics;
        this.ledger = ledger;
        this.stream = slot + '@' + Long.toHexString(startLsn).toUpperCase(java.util.Locale.ROOT);
        this.startLsn = startLsn;
        this.snapshot = snapshot;
        this.lsn = startLsn - 1;
    }

    /** What goes on with the snapshot when this is interrupted now. */
    FakeSource nextAttempt(String slotAndAttempt) {
        FakeSource next = new FakeSource(topics, ledger, slotAndAttempt, startLsn, snapshot);
        next.earlier.addAll(earlier);
        next.earlier.addAll(ends());
        return next;
    }

    /** The next change of a table has this ordinal. */
    FakeSource at(String table, long ordinal) {
        ordinals.put(qualified(table), ordinal - 1);
        return this;
    }

    String stream() {
        return stream;
    }

    /** The following changes are of one transaction, committed at {@code commitLsn}. */
    FakeSource transaction(long commitLsn) {
        lsn = commitLsn;
        ordinals.clear();
        return this;
    }

    static Struct key(long id) {
        return new Struct(KEY).put("id", id);
    }

    static Struct row(long id, Long amount, String note) {
        return new Struct(ROW).put("id", id).put("amount", amount).put("note", note);
    }

    static Schema envelope(Schema row) {
        return SchemaBuilder.struct()
                .name("ledger.Envelope")
                .field("before", row)
                .field("after", row)
                .field("op", Schema.STRING_SCHEMA)
                .build();
    }

    SinkRecord write(Operation operation, long id, Long amount, String note) {
        return write("transfers", 0, operation, id, amount, note);
    }

    SinkRecord write(String table, int partition, Operation operation, long id, Long amount, String note) {
        return send(table, partition, operation, key(id), null, row(id, amount, note), List.of());
    }

    SinkRecord insert(long id, long amount) {
        return write(Operation.CREATE, id, amount, "note " + id);
    }

    SinkRecord update(long id, long amount) {
        return write(Operation.UPDATE, id, amount, "note " + id);
    }

    SinkRecord delete(long id) {
        return delete("transfers", 0, id);
    }

    SinkRecord delete(String table, int partition, long id) {
        return send(table, partition, Operation.DELETE, key(id), row(id, null, null), null, List.of());
    }

    /** A tombstone repeats the header of the record before it. */
    SinkRecord tombstone(SinkRecord deleted) {
        List<Header> headers = new ArrayList<>();
        deleted.headers().forEach(headers::add);
        return topics.append(
                deleted.topic(), deleted.kafkaPartition(), deleted.keySchema(), deleted.key(), null, null, headers);
    }

    SinkRecord truncate(String table, int partition) {
        Channel channel = new Channel(ledger, stream, qualified(table), partition);
        Schema schema = envelope(ROW);
        return topics.append(
                topic(table),
                partition,
                null,
                null,
                schema,
                new Struct(schema).put("op", "t"),
                headers(channel, Operation.TRUNCATE, List.of(), 0));
    }

    /** Every partition of a table brings the same truncate: the ordinal stays. */
    SinkRecord truncateAgain(String table, int partition) {
        ordinals.merge(qualified(table), -1L, Long::sum);
        return truncate(table, partition);
    }

    SinkRecord updateWithout(long id, Long amount, String... absent) {
        return writeWithout("transfers", 0, Operation.UPDATE, id, amount, absent);
    }

    SinkRecord writeWithout(String table, int partition, Operation operation, long id, Long amount, String... absent) {
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString(EnvelopeFields.ABSENT_HEADER, AbsentColumns.encode(List.of(absent)));
        return send(
                table,
                partition,
                operation,
                key(id),
                null,
                row(id, amount, EnvelopeFields.UNAVAILABLE),
                List.of(headers.lastWithName(EnvelopeFields.ABSENT_HEADER)));
    }

    SinkRecord send(
            String table,
            int partition,
            Operation operation,
            Struct key,
            Struct before,
            Struct after,
            List<Header> more) {
        Schema row = after != null ? after.schema() : before.schema();
        Schema schema = ENVELOPES.computeIfAbsent(row, FakeSource::envelope);
        Struct value =
                new Struct(schema).put("before", before).put("after", after).put("op", operation.code());
        Channel channel = new Channel(ledger, stream, qualified(table), partition);
        return topics.append(
                topic(table),
                partition,
                key == null ? null : key.schema(),
                key,
                schema,
                value,
                headers(channel, operation, more, ContentHash.of(key, before, after)));
    }

    static String topic(String table) {
        return "ledger." + qualified(table);
    }

    /** Tables are in the schema public unless they say otherwise. */
    private static String qualified(String table) {
        return table.indexOf('.') < 0 ? "public." + table : table;
    }

    private List<Header> headers(Channel channel, Operation operation, List<Header> more, long content) {
        long sequence = sequences.merge(channel, 1L, Long::sum);
        long ordinal = ordinals.merge(channel.table(), 1L, Long::sum);
        SourcePosition position = new SourcePosition(lsn, ordinal);
        ConnectHeaders headers = new ConnectHeaders();
        headers.add(
                PositionHeader.NAME,
                new SchemaAndValue(
                        Schema.STRING_SCHEMA,
                        new PositionHeader(
                                        channel,
                                        sequence,
                                        position,
                                        COMMITTED_AT,
                                        operation,
                                        ChangeDigest.of(position, operation, content))
                                .encode()));
        List<Header> all = new ArrayList<>(more);
        headers.forEach(all::add);
        return all;
    }

    private List<ChannelEnd> ends() {
        List<ChannelEnd> ends = new ArrayList<>();
        sequences.forEach((channel, sequence) -> ends.add(new ChannelEnd(
                channel.stream(), channel.table(), topic(channel.table()), channel.partition(), sequence)));
        return ends;
    }

    SinkRecord watermark(long throughLsn) {
        List<ChannelEnd> ends = new ArrayList<>(earlier);
        ends.addAll(ends());
        Watermark watermark = new Watermark(
                ledger.toString(), stream, startLsn, snapshot, 0, throughLsn, COMMITTED_AT, ends, List.of());
        return topics.append("ledger.watermarks", 0, null, null, Watermark.SCHEMA, watermark.toStruct(), List.of());
    }
}
