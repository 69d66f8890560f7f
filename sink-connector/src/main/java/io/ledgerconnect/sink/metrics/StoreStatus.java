package io.ledgerconnect.sink.metrics;

/**
 * What {@code ledger_connect.status} says of a pipeline, whichever task or cluster works on it.
 *
 * @param completeMicros the time through which all its ledgers are complete, µs since 1970; 0 while that is not known
 * @param quarantined records in the quarantine
 * @param gap whether a sequence is missing
 */
public record StoreStatus(long completeMicros, long quarantined, boolean gap) {}
