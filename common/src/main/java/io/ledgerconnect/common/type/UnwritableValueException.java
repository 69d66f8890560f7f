package io.ledgerconnect.common.type;

/** A value that its column's type cannot hold. The message never contains the value. */
public final class UnwritableValueException extends RuntimeException {
    public UnwritableValueException(String message) {
        super(message);
    }

    public UnwritableValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
