package io.ledgerconnect.integration.faults;

import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.Server;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** What can happen to a pipeline's servers. */
enum Fault {
    WORKER_KILLED("kill -9 of a worker"),
    WORKER_FROZEN("worker frozen beyond its session") {
        @Override
        void strike(Server server) {
            server.pause();
        }

        @Override
        void mend(Server server) {
            server.resume();
        }

        /**
         * The session of {@link FaultRun}'s workers is 6 s; after it the other worker has the tasks, and this one too.
         */
        @Override
        Duration length(RandomGenerator random) {
            return Duration.ofMillis(random.nextLong(8_000, 14_000));
        }
    },
    BROKER_KILLED("kill -9 of the broker"),
    LEDGER_KILLED("kill -9 of the ledger"),
    REPORTING_KILLED("kill -9 of the reporting store");

    private static final long LONGEST_OUTAGE_MILLIS = 3_000;

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    /** The server that it happens to; which of the workers is random. */
    Server victim(Pipeline pipeline, RandomGenerator random) {
        List<ConnectWorker> workers = pipeline.workers();
        return switch (this) {
            case WORKER_KILLED, WORKER_FROZEN -> workers.get(random.nextInt(workers.size()));
            case BROKER_KILLED -> pipeline.kafka();
            case LEDGER_KILLED -> pipeline.ledger();
            case REPORTING_KILLED -> pipeline.reporting();
        };
    }

    void strike(Server server) {
        server.kill();
    }

    /** Ends the fault; returns when the server serves again. */
    void mend(Server server) {
        server.start();
    }

    /** How long it lasts. */
    Duration length(RandomGenerator random) {
        return Duration.ofMillis(random.nextLong(LONGEST_OUTAGE_MILLIS));
    }

    @Override
    public String toString() {
        return text;
    }
}
