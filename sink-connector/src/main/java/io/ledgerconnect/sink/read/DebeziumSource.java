package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.common.position.SourcePosition;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Reads the block {@code source} of records of Debezium's PostgreSQL connector, its fields looked up once per schema.
 *
 * <p>Their order is that of {@code source.sequence}: the address of the last commit before the change's transaction,
 * then the change's own. The change's address alone is in no order, since transactions interleave in the WAL. Where no
 * commit has been seen yet, as in a snapshot, the change's own address stands for it: it is before every later commit.
 */
final class DebeziumSource {
    /** Begins the name of a ledger that Debezium's records are of: its system identifier is not in them. */
    static final String PREFIX = "debezium:";

    private static final String CONNECTOR = "postgresql";

    private final Field source;
    private final Field connector;
    private final Field name;
    private final Field database;
    private final Field schema;
    private final Field table;
    private final Field lsn;
    private final Field sequence;
    private final Field millis;
    private final Field micros;

    private DebeziumSource(Field source) {
        Schema block = source.schema();
        this.source = source;
        this.connector = block.field("connector");
        this.name = block.field("name");
        this.database = block.field("db");
        this.schema = block.field("schema");
        this.table = block.field("table");
        this.lsn = block.field("lsn");
        this.sequence = block.field("sequence");
        this.millis = block.field(EnvelopeFields.TIMESTAMP_MILLIS);
        this.micros = block.field(EnvelopeFields.TIMESTAMP_MICROS);
    }

    /** For values of a schema; null when they are not of that connector, or of a version before 1.3. */
    static DebeziumSource of(Schema value) {
        Field source = value == null || value.type() != Schema.Type.STRUCT ? null : value.field(EnvelopeFields.SOURCE);
        if (source == null
                || source.schema().type() != Schema.Type.STRUCT
                || value.field(EnvelopeFields.OPERATION) == null) {
            return null;
        }
        DebeziumSource found = new DebeziumSource(source);
        boolean complete = found.connector != null
                && found.name != null
                && found.database != null
                && found.schema != null
                && found.table != null
                && found.lsn != null
                && found.sequence != null;
        return complete ? found : null;
    }

    /** Whether a value has the block {@code source} that this suite's source connector sends. */
    static boolean isOfThisSuite(Schema value) {
        Field source = value == null || value.type() != Schema.Type.STRUCT ? null : value.field(EnvelopeFields.SOURCE);
        return source != null
                && "io.debezium.connector.postgresql.Source"
                        .equals(source.schema().name())
                && source.schema().field("lsn") != null
                && source.schema().field("sequence") == null;
    }

    /** The block, or null when it is of another connector. */
    Struct blockOf(Struct envelope) {
        Struct block = envelope.getStruct(source.name());
        return block != null && CONNECTOR.equals(block.get(connector)) ? block : null;
    }

    /** The table that a change is of, as its record names it. */
    record Table(String prefix, String database, String schema, String name) {
        SourceId ledger() {
            return new SourceId(PREFIX + prefix, database);
        }

        /** {@code schema.table}. */
        String qualified() {
            return schema + '.' + name;
        }
    }

    Table table(Struct block) {
        return new Table(
                String.valueOf(block.get(name)),
                String.valueOf(block.get(database)),
                String.valueOf(block.get(schema)),
                String.valueOf(block.get(table)));
    }

    /**
     * Where a change stands; several records may share a position.
     *
     * @throws ConnectException when the block does not tell
     */
    SourcePosition position(Struct block, SinkRecord record) {
        Object own = block.get(lsn);
        if (!(own instanceof Long at)) {
            throw new ConnectException(
                    "The record at " + Origins.place(record) + " is of Debezium's PostgreSQL connector, but its"
                            + " source.lsn is empty, so it cannot be told what it comes after: a transform took it away, or it"
                            + " was not sent by that connector; take the transform out, or the topic out of this connector's"
                            + " topics");
        }
        return new SourcePosition(lastCommit((String) block.get(sequence), at, record), at);
    }

    /** Of {@code ["24023128","24023160"]}, or {@code [null,"24023160"]}, the first. */
    private static long lastCommit(String sequence, long own, SinkRecord record) {
        if (sequence == null) {
            return own;
        }
        int comma = sequence.indexOf(',');
        String first =
                comma < 1 ? "" : sequence.substring(1, comma).replace("\"", "").trim();
        if (first.equals("null")) {
            return own;
        }
        try {
            return Long.parseUnsignedLong(first);
        } catch (NumberFormatException e) {
            throw new ConnectException(
                    "The record at " + Origins.place(record)
                            + " is of Debezium's PostgreSQL connector, but its source.sequence reads '"
                            + (sequence.length() > 100 ? sequence.substring(0, 100) + '…' : sequence)
                            + "' and not [\"last commit's LSN\",\"LSN\"], so it cannot be told what it comes after: a"
                            + " transform rewrote it, or a newer version of that connector has another form",
                    e);
        }
    }

    long micros(Struct block) {
        if (micros != null && block.get(micros) instanceof Long told) {
            return told;
        }
        return millis != null && block.get(millis) instanceof Long told ? told * 1000 : 0;
    }
}
