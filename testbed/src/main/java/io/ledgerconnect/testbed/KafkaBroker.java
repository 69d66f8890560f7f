package io.ledgerconnect.testbed;

/** A Kafka broker that is its own KRaft controller: a cluster of one. */
public interface KafkaBroker extends Server {

    /** Where clients and workers on this machine find it; the same after every start. */
    String bootstrapServers();
}
