package io.ledgerconnect.common.position;

/**
 * One ledger database: the system identifier that {@code initdb} gave the server (decimal, unsigned), and the
 * database's name. Replicas and promoted standbys keep both.
 */
public record SourceId(String systemId, String database) {
    /** The form in which the reporting store names a source: {@code 7345…/ledger}. */
    @Override
    public String toString() {
        return systemId + '/' + database;
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static SourceId parse(String text) {
        int slash = text.indexOf('/'); // the identifier has none, the name may
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' is not SYSTEM_ID/DATABASE");
        }
        return new SourceId(text.substring(0, slash), text.substring(slash + 1));
    }
}
