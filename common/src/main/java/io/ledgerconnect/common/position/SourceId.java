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
}
