package io.ledgerconnect.sink.target;

/** A row that its table cannot hold. The message never contains a value; what the server said may. */
public final class RefusedException extends RuntimeException {
    private final String sqlState;

    /** @param sqlState what the server answered, or null when it was not asked */
    public RefusedException(String reason, String sqlState, Throwable cause) {
        super(reason, cause);
        this.sqlState = sqlState;
    }

    public String sqlState() {
        return sqlState;
    }
}
