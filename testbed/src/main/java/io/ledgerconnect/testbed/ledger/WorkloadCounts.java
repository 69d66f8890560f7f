package io.ledgerconnect.testbed.ledger;

/**
 * What a workload has done so far; everything but the last two is committed.
 *
 * @param payments payments booked
 * @param settled pending payments settled
 * @param failed pending payments failed, with entries that give the money back
 * @param reversed settled payments reversed, with entries that give the money back
 * @param deposits deposits booked
 * @param requested transfers requested and not posted
 * @param purged expired requests deleted
 * @param merchantUpdates changes of a merchant
 * @param declined payments that the ledger refused for lack of funds, rolled back
 * @param repeated transactions tried again after a fault of the server or a deadlock
 */
public record WorkloadCounts(
        long payments,
        long settled,
        long failed,
        long reversed,
        long deposits,
        long requested,
        long purged,
        long merchantUpdates,
        long declined,
        long repeated) {}
