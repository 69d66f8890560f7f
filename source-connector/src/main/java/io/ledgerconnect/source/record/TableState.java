package io.ledgerconnect.source.record;

/**
 * What a stream remembers of one table: the last sequence of each partition, the ordinal within the transaction, and
 * what was sent since the last watermark. Survives ALTER TABLE. Used by one thread only.
 */
final class TableState {
    final String table;
    private final long[] sequences;
    private TableMapping mapping;
    private long ordinal;
    private long ordinalOf;
    private long count;
    private long digest;

    TableState(String table, long[] sequences) {
        this.table = table;
        this.sequences = sequences;
    }

    long nextSequence(int partition) {
        return ++sequences[partition];
    }

    /** The next ordinal of this table in the transaction with this commit LSN. */
    long nextOrdinal(long commitLsn) {
        if (commitLsn != ordinalOf) {
            ordinalOf = commitLsn;
            ordinal = 0;
        }
        return ++ordinal;
    }

    void count(long changeDigest) {
        count++;
        digest += changeDigest;
    }

    long[] copyOfSequences() {
        return sequences.clone();
    }

    long count() {
        return count;
    }

    long digest() {
        return digest;
    }

    /** How its rows are mapped; null before the first change of this session. */
    TableMapping mapping() {
        return mapping;
    }

    void setMapping(TableMapping mapping) {
        this.mapping = mapping;
    }

    /** Of what decides its positions and partitions; logical messages have no mapping, and nothing to decide. */
    String fingerprint() {
        return mapping == null ? table : mapping.fingerprint;
    }

    void beginWindow() {
        count = 0;
        digest = 0;
    }
}
