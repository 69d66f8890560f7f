package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.watermark.Watermark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** Reads what the records say of themselves and cuts them into batches. Not thread-safe: one per task. */
public final class RecordReader {
    /** BEGIN and END of a transaction, with {@code provide.transaction.metadata}: no rows, and no position. */
    private static final String TRANSACTION_BOUND = "io.debezium.connector.common.TransactionMetadataValue";

    private final PositionHeader.Reader positions = new PositionHeader.Reader();
    private final int maxBatchRows;
    private final boolean checksContent;

    /**
     * Makes one for a task.
     *
     * @param checksContent whether records are compared with what their headers say that was sent
     */
    public RecordReader(int maxBatchRows, boolean checksContent) {
        this.maxBatchRows = maxBatchRows;
        this.checksContent = checksContent;
    }

    /**
     * Reads records in their order.
     *
     * @throws ConnectException when a record is not one of this suite's, or has lost what it needs on the way
     */
    public List<Batch> read(Collection<SinkRecord> records) {
        List<Batch> batches = new ArrayList<>();
        Batch batch = null;
        for (SinkRecord record : records) {
            if (batch == null || batch.changes().size() == maxBatchRows) {
                batch = new Batch();
                batches.add(batch);
            }
            read(record, batch);
        }
        return batches;
    }

    private void read(SinkRecord record, Batch batch) {
        if (Watermark.isWatermark(record.valueSchema())) {
            batch.add(new SeenWatermark(watermark(record), record));
        } else if (record.valueSchema() != null
                && TRANSACTION_BOUND.equals(record.valueSchema().name())) {
            batch.passBy(record);
        } else {
            PositionHeader header = header(record);
            batch.add(new Change(header, record, checksContent && ContentCheck.isAltered(header, record)));
        }
    }

    private static Watermark watermark(SinkRecord record) {
        try {
            return Watermark.fromStruct((Struct) record.value());
        } catch (RuntimeException e) {
            throw new ConnectException("The watermark at " + place(record) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private PositionHeader header(SinkRecord record) {
        rejectWithoutSchema(record);
        Header header = record.headers().lastWithName(PositionHeader.NAME);
        if (header == null || header.value() == null) {
            throw new ConnectException("The record at " + place(record) + " has no header " + PositionHeader.NAME
                    + ", so it cannot be told whether it was written before: it was not sent by a source connector of "
                    + "this suite, or a transform or header.converter removed the header; take its topic out of this "
                    + "connector's topics, or keep the header (the default header.converter does)");
        }
        try {
            return positions.read(Headers.text(header));
        } catch (IllegalArgumentException e) {
            throw new ConnectException("The record at " + place(record) + ": " + e.getMessage(), e);
        }
    }

    private static void rejectWithoutSchema(SinkRecord record) {
        if (record.value() instanceof Map || record.key() instanceof Map) {
            boolean value = record.value() instanceof Map;
            String converter = value ? "value.converter" : "key.converter";
            throw new ConnectException("The " + (value ? "value" : "key") + " of the record at " + place(record)
                    + " has no schema, so the types of its columns are not known: set " + converter
                    + ".schemas.enable=true in the source and the sink connector, or use Avro or Protobuf");
        }
    }

    private static String place(SinkRecord record) {
        return Origins.topic(record) + '-' + Origins.partition(record) + " offset " + Origins.offset(record);
    }
}
