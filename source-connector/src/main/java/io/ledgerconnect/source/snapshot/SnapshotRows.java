package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.record.TableMapping;
import java.util.List;
import org.apache.kafka.connect.data.Struct;

/**
 * Rows of one table on their way from a reading thread to the capture.
 *
 * @param bytes of their wire form
 * @param lastOfChunk whether they end a chunk, whose size is {@code chunkPages}
 */
record SnapshotRows(TableMapping mapping, List<Row> rows, int bytes, boolean lastOfChunk, long chunkPages) {
    record Row(Struct key, Struct value, int partition, long checksum) {}
}
