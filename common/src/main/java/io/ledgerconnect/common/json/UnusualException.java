package io.ledgerconnect.common.json;

/**
 * The fast path ends here, and Kafka's converter takes the record: it either has a way, or knows the error. Never
 * leaves this package; without a stack trace, since a topic may be full of unusual records.
 */
final class UnusualException extends RuntimeException {
    UnusualException(String what) {
        super(what, null, false, false);
    }
}
