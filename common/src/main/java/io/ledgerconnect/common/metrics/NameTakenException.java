package io.ledgerconnect.common.metrics;

/** Metrics of the same name are there, of a task that has not ended. */
final class NameTakenException extends RuntimeException {
    NameTakenException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
