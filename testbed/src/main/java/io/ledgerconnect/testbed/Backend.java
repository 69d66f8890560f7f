package io.ledgerconnect.testbed;

/**
 * How a testbed gets its database servers and brokers: one implementation starts them as processes, another as
 * containers. Both give them loopback ports that a start never changes, and both leave it to the testbed's
 * {@link #close()} to end what is still running.
 */
public interface Backend extends AutoCloseable {

    /** Starts a new server on an empty cluster and returns when it takes connections. */
    Postgres startPostgres(String name, PostgresSpec spec);

    /** Starts a new broker without topics and returns when it serves clients. */
    KafkaBroker startKafka(String name, KafkaSpec spec);

    /** Ends every server that this back end started, running, frozen or stopped, and removes their data. */
    @Override
    void close();
}
