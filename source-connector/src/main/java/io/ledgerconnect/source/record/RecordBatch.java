package io.ledgerconnect.source.record;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Records handed to Connect at once.
 *
 * @param lastOfTransaction the last record after which a source transaction ends, or null: where a Kafka transaction
 *     may end
 */
public record RecordBatch(List<SourceRecord> records, SourceRecord lastOfTransaction, BatchExtent extent) {}
