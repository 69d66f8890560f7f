package io.ledgerconnect.sink;

import io.ledgerconnect.sink.write.Refusal;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of quarantined records, once they are committed: the log, and the dead letter queue if there is one. */
final class Quarantined {
    private static final Logger log = LoggerFactory.getLogger(Quarantined.class);
    /** A batch may be refused whole; one line each would bury the log. */
    private static final int MOST_LOGGED = 10;

    private final ErrantRecordReporter deadLetters;

    Quarantined(SinkTaskContext context) {
        this.deadLetters = context.errantRecordReporter();
    }

    /** The worker waits for the dead letters to be written before it commits offsets; this does not. */
    @SuppressWarnings("FutureReturnValueIgnored") // the worker keeps it
    void report(List<Refusal> refusals) {
        refusals.stream().limit(MOST_LOGGED).forEach(refusal -> log.error("Quarantined: {}", refusal.describe()));
        if (refusals.size() > MOST_LOGGED) {
            log.error("… and {} more; see ledger_connect.quarantine", refusals.size() - MOST_LOGGED);
        }
        if (deadLetters != null) {
            refusals.forEach(
                    refusal -> deadLetters.report(refusal.change().record(), new ConnectException(refusal.describe())));
        }
    }
}
