package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.common.position.SourcePosition;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Records that no source connector of this suite sent: they have no header, so what tells them apart is made from what
 * they have. Those of Debezium's PostgreSQL connector stand where that says ({@link DebeziumSource}); others where they
 * stand in their partition. None have sequences, so a loss does not show. Not thread-safe.
 */
public final class ForeignRecords {
    /** The system identifier of records that are told apart by their offsets. */
    private static final String KAFKA = "kafka";

    private static final String STREAM_OF_DEBEZIUM = "debezium@0";
    private static final String STREAM_OF_OFFSETS = "kafka@0";
    /** A schema's name ends so where records carry logical messages, heartbeats or a transaction's bounds. */
    private static final Set<String> WITHOUT_ROWS = Set.of(
            "io.debezium.connector.postgresql.MessageValue",
            "io.debezium.connector.common.Heartbeat",
            "io.debezium.connector.common.TransactionMetadataValue");

    /** Knows whose records a topic has brought so far. */
    public interface TopicSources {
        /** The ledgers, as the reporting store names them, of which a topic's records were applied. */
        Set<String> of(String topic) throws SQLException;
    }

    /** How values of one schema are read, which records of a topic share; null where Debezium did not send them. */
    private record Shape(Schema value, DebeziumSource debezium) {}

    private final TopicSources sources;
    /** By topic, as the two maps below; their number is that of the topics. */
    private final Map<String, Set<String>> seen = new HashMap<>();

    private final Set<String> asked = new HashSet<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    /** Of the last record with a header, and of the last one without: records of a channel come in runs. */
    private Channel lastHeaded;

    private String lastHeadedTopic;
    private Channel lastChannel;
    private String lastTopic;
    /** Null where the last record without a header is known by its offset. */
    private DebeziumSource.Table lastTable;

    public ForeignRecords(TopicSources sources) {
        this.sources = sources;
    }

    /** Whether records of a ledger of this name are told apart without a header. */
    public static boolean isForeign(String source) {
        return isDebezium(source) || source.startsWith(KAFKA + '/');
    }

    /** Whether it is a ledger as records of Debezium's connector name it. */
    public static boolean isDebezium(String source) {
        return source.startsWith(DebeziumSource.PREFIX);
    }

    /** A topic has brought a record with a header. */
    void sawHeader(String topic, Channel channel) {
        if (!channel.equals(lastHeaded) || !topic.equals(lastHeadedTopic)) {
            lastHeaded = channel;
            lastHeadedTopic = topic;
            saw(topic, channel.source());
        }
    }

    private void saw(String topic, SourceId source) {
        seen.computeIfAbsent(topic, any -> new HashSet<>()).add(source.toString());
    }

    /**
     * Reads a record without a header; nothing when it is not about a row, or repeats what one before it says.
     *
     * @throws ConnectException when a header was lost, or the record cannot be placed
     */
    Optional<Change> read(SinkRecord record) throws SQLException {
        String topic = Origins.topic(record);
        Schema schema = record.valueSchema();
        if (schema != null && WITHOUT_ROWS.contains(schema.name())) {
            return Optional.empty();
        }
        DebeziumSource reader =
                schema == null ? null : shape(record, topic, schema).debezium();
        Struct block = reader == null || record.value() == null ? null : reader.blockOf((Struct) record.value());
        if (block != null) {
            return ofDebezium(record, reader, block);
        }
        Set<String> known = known(topic);
        if (record.value() == null && (known.isEmpty() || known.stream().anyMatch(ForeignRecords::isDebezium))) {
            return Optional
                    .empty(); // a tombstone repeats the delete before it; before everything there is nothing to delete
        }
        if (known.stream().anyMatch(source -> !isForeign(source))) {
            throw headerLost(record);
        }
        return Optional.of(byOffset(record, topic));
    }

    private Set<String> known(String topic) throws SQLException {
        Set<String> known = seen.computeIfAbsent(topic, any -> new HashSet<>());
        if (!asked.contains(topic)) {
            known.addAll(sources.of(topic));
            asked.add(topic);
        }
        return known;
    }

    private Shape shape(SinkRecord record, String topic, Schema schema) {
        Shape shape = shapes.get(topic);
        if (shape == null || shape.value() != schema) {
            if (DebeziumSource.isOfThisSuite(schema)) {
                throw headerLost(record);
            }
            shape = new Shape(schema, DebeziumSource.of(schema));
            shapes.put(topic, shape);
        }
        return shape;
    }

    private Optional<Change> ofDebezium(SinkRecord record, DebeziumSource reader, Struct block) {
        Operation operation = operation(record);
        if (operation == Operation.MESSAGE) {
            return Optional.empty();
        }
        String topic = Origins.topic(record);
        DebeziumSource.Table table = reader.table(block);
        Channel channel = isOfLast(topic, record) && table.equals(lastTable)
                ? lastChannel
                : channel(topic, table.ledger(), STREAM_OF_DEBEZIUM, table.qualified(), record);
        lastTable = table;
        SourcePosition position = reader.position(block, record);
        return Optional.of(change(channel, position, reader.micros(block), operation, record));
    }

    private Change byOffset(SinkRecord record, String topic) {
        Channel channel = isOfLast(topic, record) && lastTable == null
                ? lastChannel
                : channel(topic, new SourceId(KAFKA, topic), STREAM_OF_OFFSETS, tableOf(topic), record);
        lastTable = null;
        SourcePosition position = new SourcePosition(Origins.offset(record) + 1, 1);
        long micros = record.timestamp() == null ? 0 : record.timestamp() * 1000;
        return change(channel, position, micros, operation(record), record);
    }

    private boolean isOfLast(String topic, SinkRecord record) {
        return topic.equals(lastTopic) && lastChannel.partition() == Origins.partition(record);
    }

    /** {@code prefix.schema.table} is of table {@code schema.table}, {@code table} of that. */
    private static String tableOf(String topic) {
        int table = topic.lastIndexOf('.');
        int schema = table < 0 ? -1 : topic.lastIndexOf('.', table - 1);
        return topic.substring(schema + 1);
    }

    private Channel channel(String topic, SourceId ledger, String stream, String table, SinkRecord record) {
        saw(topic, ledger);
        lastTopic = topic;
        lastChannel = new Channel(ledger, stream, table, Origins.partition(record));
        return lastChannel;
    }

    private static Change change(
            Channel channel, SourcePosition position, long micros, Operation operation, SinkRecord record) {
        return new Change(new PositionHeader(channel, PositionHeader.UNCOUNTED, position, micros, operation), record);
    }

    private static Operation operation(SinkRecord record) {
        if (record.value() == null) {
            return Operation.DELETE;
        }
        Schema schema = record.valueSchema();
        Field operation = schema.type() == Schema.Type.STRUCT
                        && schema.name() != null
                        && schema.name().endsWith(EnvelopeFields.SCHEMA_SUFFIX)
                ? schema.field(EnvelopeFields.OPERATION)
                : null;
        if (operation == null) {
            return Operation.CREATE;
        }
        Object code = ((Struct) record.value()).get(operation);
        try {
            return Operation.of(String.valueOf(code));
        } catch (IllegalArgumentException e) {
            throw new ConnectException(
                    "The record at " + Origins.place(record) + " cannot be applied: " + e.getMessage()
                            + "; nothing after it is applied. Take its topic out of this connector's topics, or filter"
                            + " such records with a transform",
                    e);
        }
    }

    private static ConnectException headerLost(SinkRecord record) {
        return new ConnectException("The record at " + Origins.place(record) + " has no header " + PositionHeader.NAME
                + ", though its topic is one of a source connector of this suite, so it cannot be told whether it was"
                + " written before: a transform or header.converter removed the header, or something else writes to the"
                + " topic; keep the header (the default header.converter does), or take the topic out of this connector's"
                + " topics");
    }
}
