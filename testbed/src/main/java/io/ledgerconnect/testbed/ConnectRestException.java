package io.ledgerconnect.testbed;

/** A worker answered a request with an error. */
public final class ConnectRestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int statusCode;

    ConnectRestException(String request, int statusCode, String message) {
        super(request + " was answered with " + statusCode + ": " + message);
        this.statusCode = statusCode;
    }

    /** The HTTP status, such as 404 where there is no such connector. */
    public int statusCode() {
        return statusCode;
    }
}
