package io.ledgerconnect.common.type;

/** A type for which there is no codec, or no codec for the given schema. */
public final class UnsupportedTypeException extends Exception {
    public UnsupportedTypeException(String message) {
        super(message);
    }
}
