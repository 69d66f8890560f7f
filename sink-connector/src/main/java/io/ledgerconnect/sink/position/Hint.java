package io.ledgerconnect.sink.position;

/** Where in Kafka the record after the last applied one stands; decides nothing. */
public record Hint(String topic, int partition, long nextOffset) {}
