package io.ledgerconnect.integration.migration;

/**
 * Something about the records of a table that is not the same in both captures.
 *
 * @param place {@code table.column}, or {@code source.}, {@code envelope.} or {@code transaction.} and a field
 * @param aspect what differs: {@code value}, {@code type}, {@code name}, {@code optional}, {@code parameter NAME} …
 * @param ours an example
 * @param theirs what Debezium has in the same place
 */
record Difference(String variant, String place, String aspect, String ours, String theirs) {
    /** The same whatever the example. */
    String key() {
        return variant + ' ' + place + ' ' + aspect;
    }
}
