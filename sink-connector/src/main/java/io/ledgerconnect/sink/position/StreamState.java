package io.ledgerconnect.sink.position;

/** What a pipeline does with a stream. */
public enum StreamState {
    /** Its changes are applied. */
    ACTIVE,
    /** It began, without a snapshot, after what the pipeline is complete through: its changes wait. */
    WAITING,
    /** Its snapshot was begun anew by a later stream, which brings everything. */
    SUPERSEDED
}
