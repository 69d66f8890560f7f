package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.TableKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;

/**
 * Schemas and columns of one relation, as {@link TableMapper} derives them.
 *
 * @param keySchema null when the table has no key
 * @param mayLackKey whether the settings choose to capture the table without a key
 * @param valueColumns in the order of the value schema's fields
 * @param keyColumns in the order of the key schema's fields
 * @param keyParts how each key column enters the key's hash
 * @param key what the stream remembers of the table
 * @param query reads a row by its key, where that is possible
 * @param sentAsText names of the columns of which the server has no binary form
 * @param unknown the types, by the columns' places, of which only the server knows what the binary form means
 * @param fingerprint hash of what decides positions and partitions
 */
record TableShape(
        Relation relation,
        String topic,
        Schema keySchema,
        boolean mayLackKey,
        Schema valueSchema,
        EnvelopeSchema envelope,
        List<ColumnReader> valueColumns,
        List<ColumnReader> keyColumns,
        List<KeyHash.Part> keyParts,
        TableKey key,
        Optional<RowQuery> query,
        Set<String> sentAsText,
        Map<Integer, Integer> unknown,
        String fingerprint) {}
