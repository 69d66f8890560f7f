package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.watermark.Watermark;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** Reads what the records say of themselves and cuts them into batches. Not thread-safe: one per task. */
public final class RecordReader {
    private final PositionHeader.Reader positions = new PositionHeader.Reader();
    private final ForeignRecords foreign;
    private final int maxBatchRows;
    private final boolean checksContent;

    /**
     * Makes one for a task.
     *
     * @param foreign reads the records of others
     * @param checksContent whether records are compared with what their headers say that was sent
     */
    public RecordReader(ForeignRecords foreign, int maxBatchRows, boolean checksContent) {
        this.foreign = foreign;
        this.maxBatchRows = maxBatchRows;
        this.checksContent = checksContent;
    }

    /**
     * Reads records in their order.
     *
     * @throws ConnectException when a record cannot be read, or has lost what it needs on the way
     */
    public List<Batch> read(Collection<SinkRecord> records) throws SQLException {
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

    private void read(SinkRecord record, Batch batch) throws SQLException {
        if (Watermark.isWatermark(record.valueSchema())) {
            batch.add(new SeenWatermark(watermark(record), record));
            return;
        }
        rejectWithoutSchema(record);
        Header header = record.headers().lastWithName(PositionHeader.NAME);
        if (header != null && header.value() != null) {
            PositionHeader position = position(header, record);
            foreign.sawHeader(Origins.topic(record), position.channel());
            batch.add(new Change(position, record, checksContent && ContentCheck.isAltered(position, record)));
            return;
        }
        Optional<Change> change = foreign.read(record);
        if (change.isPresent()) {
            batch.add(change.get());
        } else {
            batch.passBy(record);
        }
    }

    private static Watermark watermark(SinkRecord record) {
        try {
            return Watermark.fromStruct((Struct) record.value());
        } catch (RuntimeException e) {
            throw new ConnectException(
                    "The watermark at " + Origins.place(record) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private PositionHeader position(Header header, SinkRecord record) {
        try {
            return positions.read(Headers.text(header));
        } catch (IllegalArgumentException e) {
            throw new ConnectException("The record at " + Origins.place(record) + ": " + e.getMessage(), e);
        }
    }

    private static void rejectWithoutSchema(SinkRecord record) {
        if (record.value() instanceof Map || record.key() instanceof Map) {
            boolean value = record.value() instanceof Map;
            String converter = value ? "value.converter" : "key.converter";
            throw new ConnectException("The " + (value ? "value" : "key") + " of the record at " + Origins.place(record)
                    + " has no schema, so the types of its columns are not known: set " + converter
                    + ".schemas.enable=true in the source and the sink connector, or use Avro or Protobuf");
        }
    }
}
