package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.source.decode.Relation;
import java.util.List;
import org.apache.kafka.connect.data.Schema;

/**
 * Schemas and columns of one relation, as {@link TableMapper} derives them.
 *
 * @param keySchema null when the table has no key
 * @param valueColumns in the order of the value schema's fields
 * @param keyColumns in the order of the key schema's fields
 * @param numericKeys per key column a codec that reads a numeric as text, or null
 * @param fingerprint hash of what decides positions and partitions
 */
record TableShape(
        Relation relation,
        String topic,
        Schema keySchema,
        Schema valueSchema,
        EnvelopeSchema envelope,
        List<ColumnReader> valueColumns,
        List<ColumnReader> keyColumns,
        List<TypeCodec> numericKeys,
        String fingerprint) {}
