package io.ledgerconnect.sink.config;

/** How a reporting table keeps what happens to its rows. */
public enum TableMode {
    /** One row per key: its newest state. */
    UPSERT,
    /** One row per change, in the order of the ledger. */
    APPEND,
    /** Every version of a row, with the positions between which it was valid. */
    HISTORY;

    /** Whether rows are found again by their key. */
    public boolean isKeyed() {
        return this != APPEND;
    }
}
