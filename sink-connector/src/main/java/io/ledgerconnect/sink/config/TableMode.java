package io.ledgerconnect.sink.config;

/** How a reporting table keeps what happens to its rows. */
public enum TableMode {
    /** One row per key: its newest state. */
    UPSERT,
    /** One row per change, in the order of the ledger. */
    APPEND
}
