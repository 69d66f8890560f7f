package io.ledgerconnect.sink.metrics;

/** A part of the transaction that writes a batch, in its order. */
public enum WritePhase {
    /** Connecting, locking the applied positions and reading them. */
    LOCK,
    /** Encoding rows and sending them by COPY. */
    COPY,
    /** Planning tables and the statements that write them. */
    MERGE,
    /** Moving the applied positions, watermarks, quarantine. */
    STATE,
    COMMIT
}
