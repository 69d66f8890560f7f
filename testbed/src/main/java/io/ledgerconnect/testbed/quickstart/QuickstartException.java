package io.ledgerconnect.testbed.quickstart;

/** The quickstart cannot go on; the message is for the person at the terminal. */
final class QuickstartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuickstartException(String message) {
        super(message);
    }

    QuickstartException(String message, Throwable cause) {
        super(message, cause);
    }
}
