package io.ledgerconnect.source.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.source.SourceRecord;

/** Gathers records into batches. Used by one thread only. */
public final class RecordBuffer {
    /** Enough to make the hand-over between threads cheap per record, few enough for a small heap. */
    private static final int MAX_RECORDS = 2_000;

    /** Of WAL message bytes; wide rows end a batch before their number does. */
    private static final long MAX_BYTES = 2 << 20;

    private List<SourceRecord> records = new ArrayList<>();
    private SourceRecord lastOfTransaction;
    private long bytes;
    private int transactions;
    private boolean watermark;
    private long throughLsn;
    private long throughMicros;

    void add(SourceRecord sourceRecord) {
        records.add(sourceRecord);
    }

    /** Notes that a source transaction ends with the last record added. */
    void endTransaction() {
        if (!records.isEmpty()) {
            lastOfTransaction = records.get(records.size() - 1);
        }
    }

    /** Notes that the transaction that ends was not sent before. */
    void countTransaction() {
        transactions++;
    }

    /** Notes that the record added last is a watermark. */
    void markWatermark() {
        watermark = true;
    }

    /** Notes how far the stream has been read; {@code atMicros} is 0 while no time is known. */
    void readThrough(long lsn, long atMicros) {
        throughLsn = lsn;
        throughMicros = atMicros;
    }

    /** Counts the bytes from which the records are made. */
    public void addBytes(int count) {
        bytes += count;
    }

    public boolean isFull() {
        return records.size() >= MAX_RECORDS || bytes >= MAX_BYTES;
    }

    /** How many records were gathered. */
    public int size() {
        return records.size();
    }

    public boolean isEmpty() {
        return records.isEmpty();
    }

    /** The topic of the record added last. */
    public Optional<String> lastTopic() {
        return records.isEmpty()
                ? Optional.empty()
                : Optional.of(records.get(records.size() - 1).topic());
    }

    /** Takes everything gathered so far. */
    public RecordBatch take() {
        BatchExtent extent = new BatchExtent(throughLsn, throughMicros, transactions, bytes, watermark);
        RecordBatch batch = new RecordBatch(records, lastOfTransaction, extent);
        records = new ArrayList<>(Math.min(MAX_RECORDS + 1, records.size() + 16));
        lastOfTransaction = null;
        bytes = 0;
        transactions = 0;
        watermark = false;
        return batch;
    }
}
