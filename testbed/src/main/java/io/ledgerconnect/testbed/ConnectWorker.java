package io.ledgerconnect.testbed;

import java.net.URI;

/** A distributed Connect worker: a process with Kafka's own jars and nothing else outside its plugin path. */
public interface ConnectWorker extends Server {

    /** The address of its REST API; the same after every start. */
    URI restUrl();

    /** A client of this worker's REST API. */
    ConnectRest rest();
}
