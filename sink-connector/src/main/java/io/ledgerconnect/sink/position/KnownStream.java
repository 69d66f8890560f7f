package io.ledgerconnect.sink.position;

/** A stream that a pipeline has met. */
public record KnownStream(String stream, long startLsn, boolean snapshot, StreamState state) {}
