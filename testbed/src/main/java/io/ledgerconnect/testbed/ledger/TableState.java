package io.ledgerconnect.testbed.ledger;

import java.math.BigInteger;
import java.util.Map;

/**
 * What one side of an audit has in a table.
 *
 * @param rows number of rows
 * @param digest sum of the rows' hashes; does not depend on their order, and counts a row as often as it is there
 * @param sums minor units by currency, without trailing zeros
 */
public record TableState(long rows, BigInteger digest, Map<String, String> sums) {

    /** Of a table that cannot be read. */
    static final TableState UNKNOWN = new TableState(-1, BigInteger.ZERO, Map.of());

    public TableState {
        sums = Map.copyOf(sums);
    }
}
