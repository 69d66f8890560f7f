package io.ledgerconnect.testbed;

/** A server could not be started or did not do in time what it was told; the message ends with its log. */
public final class TestbedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TestbedException(String message) {
        super(message);
    }

    public TestbedException(String message, Throwable cause) {
        super(message, cause);
    }
}
