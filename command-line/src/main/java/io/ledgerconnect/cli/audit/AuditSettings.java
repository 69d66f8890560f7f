package io.ledgerconnect.cli.audit;

import java.time.Duration;

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
 */
record AuditSettings(
        Duration patience,
        int parallel,
        int rangeRows,
        int leafRows,
        int rounds,
        int mostDifferences,
        boolean keepsDeleted,
        boolean showsValues) {}
