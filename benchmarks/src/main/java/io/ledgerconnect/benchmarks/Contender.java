package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectWorker;
import java.time.Duration;

/** One connector in a comparison, on a worker of its own; {@code topic} is that of the payments. */
record Contender(String name, ConnectWorker worker, String topic) {
    ConnectRest rest() {
        return worker.rest();
    }

    void resume() {
        rest().resume(name);
    }

    /** Stops the connector and returns once it has. */
    void stop() {
        rest().stop(name);
        rest().awaitStopped(name, Duration.ofMinutes(2));
    }
}
