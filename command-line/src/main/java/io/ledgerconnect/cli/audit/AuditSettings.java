package io.ledgerconnect.cli.audit;

import java.time.Duration;
import java.util.Optional;

/**
 * How an audit is done.
 *
 * @param patience for the reporting store to become complete, each time
 * @param parallel how many pairs of connections read at once
 * @param rangeRows rows per digest
 * @param leafRows rows up to which a range is compared row by row
 * @param rounds how often rows that change all the time are looked at again
 * @param mostDifferences named per table
 * @param keepsDeleted whether the sink keeps rows that the ledger has deleted
 * @param showsValues whether values may be told
 * @param rowsPerSecond of the ledger, at most; 0 for no limit
 * @param sums which columns are summed
 * @param hmacKey of columns that the source hashes
 */
record AuditSettings(
        Duration patience,
        int parallel,
        int rangeRows,
        int leafRows,
        int rounds,
        int mostDifferences,
        boolean keepsDeleted,
        boolean showsValues,
        int rowsPerSecond,
        SumSettings sums,
        Optional<HmacKey> hmacKey) {

    /** Rows per digest; with a pace, so few that no statement reads for more than a second's rows. */
    int rowsAtOnce() {
        return rowsPerSecond == 0 ? rangeRows : Math.min(rangeRows, rowsPerSecond);
    }
}
