package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.Operation;

/**
 * One change on its way into a channel.
 *
 * @param changeLsn where the change stands in the WAL; orders nothing across transactions
 * @param header the text of the position header, which a tombstone repeats
 * @param absentColumns the text of the header of absent columns, or null
 */
record Change(Operation operation, int partition, long changeLsn, String header, String absentColumns) {}
