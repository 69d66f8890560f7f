package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;

/**
 * One change on its way into a channel.
 *
 * @param changeLsn where the change stands in the WAL; orders nothing across transactions
 * @param header the text of the position header, which a tombstone repeats
 * @param absentColumns the text of the header of absent columns, or null
 */
record Change(Operation operation, int partition, long changeLsn, String header, String absentColumns) {
    /**
     * The next change of a partition.
     *
     * @param digest for its header
     */
    static Change next(
            TableMapping mapping,
            TableState table,
            SourcePosition position,
            Transaction transaction,
            Operation operation,
            int partition,
            long changeLsn,
            String absentColumns,
            long digest) {
        String header = PositionHeader.encode(
                mapping.headerPrefix(partition),
                table.nextSequence(partition),
                position,
                transaction.committedAtMicros(),
                operation,
                digest);
        return new Change(operation, partition, changeLsn, header, absentColumns);
    }
}
