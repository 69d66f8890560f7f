package io.ledgerconnect.source.record;

/**
 * How far a stream has come with a batch, and what the batch was made from.
 *
 * @param throughLsn all transactions that committed before it are in this batch or an earlier one
 * @param throughMicros all transactions that committed up to this time, too; µs since 1970 by the ledger's clock, 0
 *     when that is not known
 * @param transactions how many of the ledger's transactions end in it
 * @param bytes of the messages or rows from which its records were made
 * @param watermark whether it has a watermark
 */
public record BatchExtent(long throughLsn, long throughMicros, int transactions, long bytes, boolean watermark) {}
