package io.ledgerconnect.source.snapshot;

import java.util.List;
import org.apache.kafka.connect.data.Struct;

/**
 * Rows of one chunk on their way from a reading thread to the capture.
 *
 * @param bytes of their wire form
 * @param last whether they end the chunk
 */
record SnapshotRows(List<Row> rows, int bytes, boolean last) {
    /** {@code ordinal} stands for the row's place; 0 where it has none. */
    record Row(Struct key, Struct value, int partition, long contentHash, long ordinal) {}
}
