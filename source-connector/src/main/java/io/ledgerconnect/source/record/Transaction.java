package io.ledgerconnect.source.record;

/**
 * A committed transaction of the ledger, from its BEGIN message.
 *
 * @param commitLsn where its commit record begins
 * @param committedAtMicros µs since 1970 UTC
 * @param id the transaction's 32-bit number; {@link #NONE} of what no transaction of the ledger wrote
 */
record Transaction(long commitLsn, long committedAtMicros, int id) {
    static final int NONE = 0;
}
