package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.ChangeDigest;
import io.ledgerconnect.common.position.PositionHeader;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Compares what records hold with what their source says that it sent. */
final class ContentCheck {
    private ContentCheck() {}

    /**
     * Whether a record is not what was sent. Of a tombstone, of what is no row, and of a record of which the header
     * does not tell, nothing is known.
     */
    static boolean isAltered(PositionHeader header, SinkRecord record) {
        boolean comparable = header.digest() != ChangeDigest.NONE
                && header.operation() != Operation.TRUNCATE
                && header.operation() != Operation.MESSAGE
                && isEnvelope(record.valueSchema())
                && record.value() instanceof Struct
                && (record.key() == null || record.key() instanceof Struct);
        return comparable && header.digest() != digest(header, (Struct) record.key(), (Struct) record.value());
    }

    private static boolean isEnvelope(Schema schema) {
        return schema != null && schema.name() != null && schema.name().endsWith(EnvelopeFields.SCHEMA_SUFFIX);
    }

    private static long digest(PositionHeader header, Struct key, Struct value) {
        long content = ContentHash.of(key, row(value, EnvelopeFields.BEFORE), row(value, EnvelopeFields.AFTER));
        return ChangeDigest.of(header.position(), header.operation(), content);
    }

    /** Some converters leave out a field that is null. */
    private static Struct row(Struct value, String name) {
        Field field = value.schema().field(name);
        return field == null ? null : (Struct) value.get(field);
    }
}
